/** Where everything stands in a bundle: the one place that spells its paths. */
export {
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
