/** The paths of all files in a bundle; no other room spells them. */
export {
  appliedPatch,
  attemptFile,
  attemptFolder,
  attemptOf,
  earlierBaselineFolder,
  evidenceFolder,
  FILES,
  FOLDERS,
  furtherFolder,
  isOfBase,
  isOutput,
  isStream,
  pairFolder,
  pairOf,
  runFile,
  trialFolder,
} from './layout.ts'
