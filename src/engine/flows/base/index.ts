/** Which policies of the base hold for which paths. */
export { nearPolicies, policyIn } from './policies-of-paths.ts'
export { type PolicyBase, policyLayer, policyOfTree } from './policy-of-tree.ts'
