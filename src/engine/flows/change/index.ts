/** A change to be proved: its trees, its parts, its patch. */
export {
  type ChangeCandidate,
  changeCandidate,
  diffStatOf,
  type ExistingChange,
  patchOf,
  type Splitting,
} from './change-candidate.ts'
