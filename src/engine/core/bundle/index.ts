/** The files of a proof bundle: writing them, sealing them into one line of a note, and reading them back. */
export {
  type BundleFileContent,
  bundleVersionOf,
  checkedBundle,
  decodeBundleLine,
  encodeBundleLine,
  openCanonicalBundleLine,
  PATCH_LIMIT,
  sealBundle,
} from './bundle.ts'
export { readBundleJson } from './read-json.ts'
export { recordedIncludes } from './recorded-includes.ts'
export { abridgeRuns, dropRuns, writeJson, writePatch, writeRun } from './write-record.ts'
