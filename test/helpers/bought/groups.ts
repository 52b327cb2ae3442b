import type { Case } from './case.ts'
import { DATA } from './data.ts'
import { FILES } from './files.ts'
import { HONEST } from './honest.ts'
import { INSIDE, INSIDE_HONEST } from './inside.ts'
import { MAPPED } from './mapped.ts'
import { NODE } from './node.ts'
import { PLANTED, PLANTED_HONEST } from './planted.ts'
import { READ_HONEST } from './read.ts'
import { RUNNING } from './running.ts'
import { SERVED, SERVED_HONEST } from './served.ts'
import { TOLD } from './told.ts'
import { UNDETECTABLE } from './undetectable.ts'

/** Changes that mend nothing. */
export const BOUGHT: readonly { readonly title: string; readonly cases: readonly Case[] }[] = [
  { title: 'Files that judge are changed, planted or taken away', cases: FILES },
  { title: 'Files that the command, its variables or its runner name', cases: TOLD },
  { title: 'Tests inside of product files', cases: INSIDE },
  { title: 'What maps names to code, and dependencies among the tracked files', cases: MAPPED },
  { title: 'Data that tests read', cases: DATA },
  { title: 'Fixtures and hooks in product files', cases: SERVED },
  { title: 'Files that one program of the command leaves for the next one', cases: PLANTED },
  { title: 'The product acts on its runner', cases: [...RUNNING, ...NODE] },
]

/** Changes that mend what they say. */
export const RIGHT: readonly Case[] = [...HONEST, ...INSIDE_HONEST, ...READ_HONEST, ...PLANTED_HONEST, ...SERVED_HONEST]

export const GROUPS: readonly { readonly title: string; readonly cases: readonly Case[] }[] = [
  ...BOUGHT,
  { title: 'What no observer of a run can tell', cases: UNDETECTABLE },
  { title: 'Honest changes', cases: RIGHT },
]
