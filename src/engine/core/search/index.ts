/** Candidates of the search that needs no model. */
export { type EditCandidate, editCandidates, type SuspectedLine } from './edit-candidates.ts'
export { familyOf } from './tokens.ts'
