/** Where a session starts: the base, the change that is asked about, and which policies bind it. */
export type { ChangeSource } from './change-source.ts'
export { findBase, findChanges, mistaken, readWords, type Start } from './changes.ts'
export { unheeded } from './policies-not-in-force.ts'
export { nearPolicies, policyIn } from './policies-of-paths.ts'
export { type PolicyBase, policyLayer, policyOfTree } from './policy-of-tree.ts'
export { rangeIn } from './range-in.ts'
export { blobsOf, guardOf, hiddenOf, judgesOf, remarksOf } from './rules.ts'
export { targetsOf } from './targets.ts'
