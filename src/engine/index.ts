/** The front door: all that commands may import. */

export {
  agentNamed,
  agentOf,
  apply,
  attest,
  type BatchFacts,
  cancelJobs,
  covered,
  doctor,
  doctorAgent,
  doctorBroker,
  doGateJob,
  exportBundle,
  fetchedRemotes,
  fetchProofs,
  forget,
  type GateSwitch,
  gate,
  gateLog,
  gc,
  importBundle,
  init,
  initAgents,
  initProposer,
  keygen,
  listJobs,
  log,
  mcp,
  type OnOptions,
  prove,
  proveOn,
  provePatches,
  push,
  replay,
  report,
  retryJobs,
  run,
  show,
  showPrompt,
  signOnce,
  switchGate,
  verify,
  type WorkerOptions,
  watchJobs,
  worker,
} from './api/index.ts'
export type { CollectProgress } from './flows/jobs/index.ts'
export type { InitAgentsResult } from './model/agent-files.ts'
export { type Command, shellWord, type Target } from './model/command.ts'
export type { DoctorCheck } from './model/doctor.ts'
export { type ErrorCode, PpError, STATUS_OF_ERROR } from './model/error.ts'
export type { Reading } from './model/evidence.ts'
export { GATE_JOB, type GateFinding, type GateLine } from './model/gate.ts'
export { interpretSchemas } from './model/interpreted-schemas.ts'
export type { KeyMode } from './model/kinds.generated.ts'
export {
  AGENT_NAMES,
  BACKENDS,
  BARE,
  either,
  KEY_MODES,
  OFFERED_PROPOSERS,
  PROPOSING_AGENTS,
  REGISTRABLE_AGENTS,
  SIGN_MODES,
} from './model/kinds.ts'
export { ANSWER_WITHIN_MS } from './model/mcp.ts'
export type {
  ApplyResult,
  AttestOptions,
  Caller,
  FetchResult,
  ForgetResult,
  GcResult,
  ProveMode,
  ProveOptions,
  PushResult,
  RunOptions,
  SessionOptions,
  TrustOptions,
  VerifyOptions,
} from './model/options.ts'
export { PROVE_MODES } from './model/options.ts'
export { type PatchVerdict, statusOfAnswered } from './model/patch-verdict.ts'
export type { SignMode } from './model/policy-values.ts'
export type { LogEntry, ProofView } from './model/proof-view.ts'
export { REPORT_FORMATS } from './model/report-format.ts'
export { FEWEST_PAIRS, type ReplayResult, SCHEMA_VERSION, type SessionResult } from './model/session.ts'
export { SIGN_ONCE, type SignOnceRequest } from './model/trust.ts'
export { STATUS_OF_VERDICT, type Verdict, worstStatus } from './model/verdict.ts'
export { statusOfVerification, type Verification } from './model/verification.ts'
export type { WorkerEvent } from './model/worker.ts'
export type { AgentAnswer, HookCall } from './ports/agent.ts'
export type { Reporter, SessionEvent } from './ports/reporter.ts'
export {
  countVerdicts,
  doctorText,
  escapeLine,
  escapeText,
  gateLogText,
  logText,
  printable,
  replayText,
  sessionText,
  showText,
  type TerminalReporter,
  type TerminalStyles,
  terminalReporter,
  terminalStyles,
  type Verbosity,
  verdictLine,
  verdictTable,
  verificationsText,
  wantsColour,
  wordsForAgent,
} from './report/index.ts'
