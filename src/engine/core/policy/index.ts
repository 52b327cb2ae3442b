/** pp.yaml and its other sources: parsing, layers, merging them into the policy in force, and whose policy holds where. */
export { notAcceptedReason } from './accepted-proofs.ts'
export { confine } from './confined-policy.ts'
export { denyCommand } from './denied-commands.ts'
export { loosenings, policyForForeignProof } from './foreign-proof.ts'
export { type GateRules, gateRules } from './gate-rules.ts'
export { notGranted } from './granted-policy.ts'
export { mergePolicy } from './merge-policy.ts'
export {
  directoryOf,
  isPolicyName,
  nearestPolicyFile,
  nestedPoliciesPhrase,
  POLICY_NAMES,
  policiesIn,
} from './nearest-policy.ts'
export { type ParsedPolicy, parsePolicy } from './parse-policy.ts'
export { environmentLayer, gitConfigLayer, type PolicyLayer, spellSource, unreadKeys } from './policy-layers.ts'
export { MAX_POLICY_BYTES } from './policy-limits.ts'
