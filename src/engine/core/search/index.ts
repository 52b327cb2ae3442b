/** Candidates of the search that needs no model. */
export { type Candidate, candidates, type Suspected } from './candidates.ts'
export { familyOf } from './tokens.ts'
