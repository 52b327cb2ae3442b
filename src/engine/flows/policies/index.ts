/** The policies that apply to a session: in which commit they stand, and which of them count. */
export { nestedPolicies, type ParsedPolicies, readNestedPolicy } from './nested-policies.ts'
export { policiesNotInForce } from './policies-not-in-force.ts'
export { policyCommit, startsAtMergeBase } from './policy-commit.ts'
export { type PolicyTree, policyLayer, policyOfTree } from './policy-of-tree.ts'
