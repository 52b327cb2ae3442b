/** What the policy forbids in a change, decided on the raw difference of two trees. */
export { type AddedSecret, addedSecrets } from './added-secrets.ts'
export { automaticExecutionOf, configuresCi } from './automatic-execution.ts'
export { remarks } from './change-remarks.ts'
export { blobsNeeded } from './content-problem.ts'
export { guardChange, type NestedPolicy } from './guard.ts'
export { obeyedByAgents } from './obeyed-by-agents.ts'
export { foldPathComponent } from './path-problem.ts'
