/** What the policy forbids in a change, decided on the raw difference of two trees. */
export { addedLines } from './added-lines.ts'
export { automaticExecutionOf } from './automatic-execution.ts'
export { remarks } from './change-remarks.ts'
export { blobsNeeded } from './content-problem.ts'
export { guardChange, type NestedPolicy } from './guard.ts'
