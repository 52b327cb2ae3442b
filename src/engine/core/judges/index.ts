/** Which files decide about a verdict: tests, their configuration, and what the command itself names. */
export {
  allowedJudgesPhrase,
  type JudgeChangePermission,
  judgeChangePermission,
  namesOneFile,
} from './allowed-changes.ts'
export { isDataJudge } from './data-judges.ts'
export {
  claimedJudges,
  foundIn,
  type JudgesByPath,
  judgeClassifierWith,
  namedBy,
  recordedJudges,
  withClaimedJudges,
} from './found-judges.ts'
export type { JudgeClassifier } from './judge-classifier.ts'
export { judgeClassifierOf, judgeKindOf } from './judges-by-name.ts'
export { type CommandNamedFile, namedByCommand } from './named-by-command.ts'
export { hasAssertion, isAssertion, keepsAssertions, onlyDiagnosticOf } from './program-checks.ts'
export { reportedFiles } from './reported-files.ts'
export { textsOnTheWay } from './texts.ts'
