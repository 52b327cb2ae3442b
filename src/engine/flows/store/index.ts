/** Finding, listing, keeping and removing proofs in notes. */
export {
  carrierOf,
  everyNote,
  type Found,
  findProof,
  indexLines,
  isStartOf,
  linesOf,
  mayNameProof,
  newestOf,
  proofsOn,
  reproOf,
  type Shelf,
  startsSession,
} from './find.ts'
export { keepBundle } from './import-bundle.ts'
export { withSeen } from './keep-fetched.ts'
export { logFlow } from './log.ts'
export { linesAbout, subjectOf, union, without } from './proof-lines.ts'
export { pruneFlow } from './prune.ts'
