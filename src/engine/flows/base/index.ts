/** Where a session starts: the base, the change to prove, and the rules that apply to it. */
export type { ChangeSource } from './change-source.ts'
export {
  endOfChange,
  findBase,
  findChanges,
  mistakenCommandHint,
  readProveWords,
  type SessionStart,
} from './changes.ts'
export { rangeIn } from './range-in.ts'
export { SECRET_RULE, secretInMessage } from './secret-refusals.ts'
export { blobsOf, hiddenFromProposers, judgesOfSession, remarksOf, sessionGuard } from './session-rules.ts'
export { takeSnapshot } from './take-snapshot.ts'
export { targetsOf } from './targets.ts'
