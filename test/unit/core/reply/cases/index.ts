import { afterthoughts } from './afterthoughts.ts'
import { beside } from './beside.ts'
import { calls } from './calls.ts'
import type { ReplyCase } from './case.ts'
import { eighthThoughts } from './eighth-thoughts.ts'
import { fifthThoughts } from './fifth-thoughts.ts'
import { fourthThoughts } from './fourth-thoughts.ts'
import { further } from './further.ts'
import { lastWords } from './last-words.ts'
import { neighbours } from './neighbours.ts'
import { secondThoughts } from './second-thoughts.ts'
import { seventhThoughts } from './seventh-thoughts.ts'
import { siblings } from './siblings.ts'
import { sixthThoughts } from './sixth-thoughts.ts'
import { thirdThoughts } from './third-thoughts.ts'
import { withdrawn } from './withdrawn.ts'

/** Replies whose meaning depends on what stands around the patch, or in which call or channel it stands. */
export const REPLY_CASES: readonly ReplyCase[] = [
  ...withdrawn,
  ...calls,
  ...beside,
  ...siblings,
  ...neighbours,
  ...further,
  ...afterthoughts,
  ...lastWords,
  ...secondThoughts,
  ...thirdThoughts,
  ...fourthThoughts,
  ...fifthThoughts,
  ...sixthThoughts,
  ...seventhThoughts,
  ...eighthThoughts,
]
