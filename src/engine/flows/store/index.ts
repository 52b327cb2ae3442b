/** Finding, listing and removing proofs in notes. */
export {
  carrierOf,
  everyNote,
  type FoundProof,
  findProof,
  indexLines,
  isStartOf,
  mayNameProof,
  newestProof,
  noteLinesOf,
  type ProofStore,
  proofsOn,
  reproOf,
  startsSession,
} from './find-proof.ts'
export { type LogReader, logFlow } from './log.ts'
export { mergeFetchedNotes } from './merge-fetched-notes.ts'
export { addMissingLines, bundleDigestOf, linesAbout, removeLines } from './note-lines.ts'
export { pruneFlow } from './prune.ts'
