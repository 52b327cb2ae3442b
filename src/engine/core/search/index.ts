/** Candidates of the search that needs no model. */
export { assertedValues, HOLDS_EXPECTED, holdsValue, valuesIn, valuesOfTestsAlone } from './asserted-values.ts'
export { type EditCandidate, editCandidates, type SuspectedLine } from './edit-candidates.ts'
export { otherwise, rankPassing } from './rank-passing.ts'
export { familyOf } from './tokens.ts'
