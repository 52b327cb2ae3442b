/** The files of a proof bundle: writing them, sealing them into one line of a note, and reading them back. */
export {
  checked,
  decodeLine,
  encodeLine,
  openCanonicalLine,
  PATCH_LIMIT,
  type Part,
  seal,
  versionOf,
} from './bundle.ts'
export { json } from './read-json.ts'
export { recordedIncludes } from './recorded-includes.ts'
export { abridge, dropRuns, writeJson, writeRun } from './write-record.ts'
