/** Judges that names do not show: what the command names and leads to, what configuration and links point to, what runs report. */
export { configuredJudges, isTestConfiguration } from './configured-judges.ts'
export {
  claimedJudges,
  type JudgesByPath,
  judgeClassifierWith,
  type Lead,
  namedBy,
  recordedJudges,
  withClaimedJudges,
} from './found-judges.ts'
export { earlierJudges, judgesWithoutRun } from './judges-without-run.ts'
export { lookedAtByCommand } from './looked-at.ts'
export { type CommandNamedFile, namedByCommand } from './named-by-command.ts'
export { packageScriptOf } from './package-script.ts'
export { reportedFiles } from './reported-files.ts'
export { registersWithRunner } from './runner-code.ts'
