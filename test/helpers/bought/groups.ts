import type { Case } from './case.ts'
import { FILES } from './files.ts'
import { HONEST } from './honest.ts'
import { NODE } from './node.ts'
import { RUNNING } from './running.ts'
import { UNDETECTABLE } from './undetectable.ts'

export const GROUPS: readonly { readonly title: string; readonly cases: readonly Case[] }[] = [
  { title: 'Files that judge are changed, planted or taken away', cases: FILES },
  { title: 'The product acts on its runner', cases: [...RUNNING, ...NODE] },
  { title: 'What no observer of a run can tell', cases: UNDETECTABLE },
  { title: 'Honest changes', cases: HONEST },
]
