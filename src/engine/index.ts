/** The front door: all that commands may import. */

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
} from './api/index.ts'
export type { Check } from './model/checkup.ts'
export { type Command, shellWord, type Target } from './model/command.ts'
export { type ErrorCode, PpError, STATUS_OF_ERROR } from './model/error.ts'
export type { Reading } from './model/evidence.ts'
export type { KeyMode } from './model/kinds.generated.ts'
export { BACKENDS, BARE, either, KEY_MODES, SIGN_MODES } from './model/kinds.ts'
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
export type { SignMode } from './model/policy-file.ts'
export { FEWEST_PAIRS, type ReplayResult, SCHEMA_VERSION, type SessionResult } from './model/session.ts'
export { STATUS_OF_VERDICT, type Verdict, worst } from './model/verdict.ts'
export { STATUS_OF_WORD, type Verification } from './model/verification.ts'
export type { Happening, Reporter } from './ports/reporter.ts'
export {
  doctorText,
  escapeLine,
  type Loudness,
  logText,
  type Paint,
  paint,
  printable,
  replayText,
  sessionText,
  showText,
  type TerminalReporter,
  terminalReporter,
  verdictLine,
  verificationsText,
  wantsColour,
} from './report/index.ts'
