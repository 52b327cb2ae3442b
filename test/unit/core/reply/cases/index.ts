import { afterthoughts } from './afterthoughts.ts'
import { beside } from './beside.ts'
import { calls } from './calls.ts'
import type { ReplyCase } from './case.ts'
import { further } from './further.ts'
import { lastWords } from './last-words.ts'
import { neighbours } from './neighbours.ts'
import { siblings } from './siblings.ts'
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
]
