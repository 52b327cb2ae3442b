/** pp.yaml and its other sources: parsing, layers, merging them into the policy in force, and whose policy holds where. */
export { notAccepted } from './accept.ts'
export { denyCommand } from './commands.ts'
export { floored, loosenings } from './floor.ts'
export { environmentLayer, gitConfigLayer, type Layer, spellSource, unreadKeys } from './layers.ts'
export { mergePolicy } from './merge.ts'
export { MAX_POLICY_BYTES, parsePolicy } from './parse.ts'
export { directoryOf, holdingBelow, isPolicyName, POLICY_NAMES, policiesIn, policyOver } from './whereabouts.ts'
