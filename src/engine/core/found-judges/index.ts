/** Judges that names do not show: what the command names and leads to, what configuration and links point to, what runs report. */
export { configuredJudges, isTestConfiguration } from './configured-judges.ts'
export {
  claimedJudges,
  foundIn,
  type JudgesByPath,
  judgeClassifierWith,
  namedBy,
  recordedJudges,
  withClaimedJudges,
} from './found-judges.ts'
export { linkedJudges } from './linked-judges.ts'
export { lookedAtByCommand } from './looked-at.ts'
export { type CommandNamedFile, namedByCommand } from './named-by-command.ts'
export { reportedFiles } from './reported-files.ts'
export { registersWithRunner } from './runner-code.ts'
export { textsOnTheWay } from './texts.ts'
