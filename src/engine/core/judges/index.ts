/** Which files decide about a verdict: tests, their configuration, and what the command itself names. */

export { configuredJudges, isTestConfiguration } from './configured-judges.ts'
export { couldBeLoaded, isDataJudge } from './data-judges.ts'
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
export { linkedJudges } from './linked-judges.ts'
export { lookedAtByCommand } from './looked-at.ts'
export { type CommandNamedFile, namedByCommand } from './named-by-command.ts'
export { reportedFiles } from './reported-files.ts'
export { registersWithRunner } from './runner-code.ts'
export { textsOnTheWay } from './texts.ts'
