/** Which files decide about a verdict: tests, their configuration, and what the command itself names. */
export { type AllowedBy, allowedBy, allowedWords, isNaming } from './allowed.ts'
export { type Named, namedByCommand } from './command.ts'
export {
  claimedJudges,
  type Found,
  foundIn,
  judgeBeside,
  namedBy,
  recordedJudges,
  withClaims,
} from './found.ts'
export { holdsData } from './judge-kind.ts'
export type { JudgeOf } from './judge-of.ts'
export { judgeOf, judging } from './names.ts'
export { checks, checksAnything, complaintOf, keepsItsChecks } from './program.ts'
export { reportedFiles } from './reported.ts'
export { textsOnTheWay } from './texts.ts'
