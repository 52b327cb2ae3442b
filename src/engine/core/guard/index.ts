/** What the policy forbids of a change, decided on the raw difference of two trees. */
export { addedLines } from './added.ts'
export { runsByItself } from './by-itself.ts'
export { blobsNeeded } from './content.ts'
export { guard, type NearPolicy } from './guard.ts'
export { remarks } from './remarks.ts'
