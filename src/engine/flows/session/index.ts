/** One session: what it holds, how it is set up, and how its record is sealed. */
export { type Outcome, outcome } from './outcome.ts'
export { runSetup } from './run-setup.ts'
export { patchText, type SealedSession, type Sealing, type SessionEnding, sealSession } from './seal-session.ts'
export { type Session, type SessionBase, throwIfAborted, timeLeft, warnOnce, withWorkspace } from './session.ts'
export { sessionCommandLine } from './session-command-line.ts'
export { settingsOf } from './session-settings.ts'
