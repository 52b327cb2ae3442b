/** The front door: all that commands may import. */
export type { Check } from './model/checkup.ts'
export { type Command, shellWord, type Target } from './model/command.ts'
export { type ErrorCode, PpError, STATUS_OF_ERROR } from './model/error.ts'
export type { Reading } from './model/evidence.ts'
export type {
  Applied,
  AttestOptions,
  Caller,
  Fetched,
  Forgotten,
  LogEntry,
  ProofView,
  ProveOptions,
  Pushed,
  RunOptions,
  SessionOptions,
  Sweep,
  TrustOptions,
  VerifyOptions,
} from './model/options.ts'
export { type ReplayResult, SCHEMA_VERSION, type SessionResult } from './model/session.ts'
export { STATUS_OF_VERDICT, type Verdict, worst } from './model/verdict.ts'
export { STATUS_OF_WORD, type Verification } from './model/verification.ts'
export type { Happening, Reporter } from './ports/reporter.ts'
export { doctorText } from './report/doctor.ts'
export { escapeLine, printable } from './report/escape.ts'
export { logText } from './report/log.ts'
export { type Paint, paint, wantsColour } from './report/paint.ts'
export { showText } from './report/show.ts'
export { type Loudness, type TerminalReporter, terminalReporter } from './report/terminal.ts'
export { replayText, sessionText, verdictLine } from './report/text.ts'
export { verificationsText } from './report/verification.ts'
export {
  apply,
  attest,
  doctor,
  exportBundle,
  fetchedRemotes,
  fetchProofs,
  forget,
  gc,
  importBundle,
  init,
  keygen,
  log,
  prove,
  push,
  replay,
  report,
  run,
  show,
  showPrompt,
  verify,
} from './wire.ts'
