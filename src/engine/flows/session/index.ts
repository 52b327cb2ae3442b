/** One session: what it holds, how it is set up, and how its record is sealed. */
export { type Candidate, candidate, type ExistingChange, patchOf, type Splitting, statOf } from './candidate.ts'
export { type Outcome, outcome } from './outcome.ts'
export { type Ending, patchText, type Sealed, sealSession } from './seal.ts'
export { type Base, checkpoint, lend, remarkOnce, type Session, timeLeft } from './session.ts'
export { setUp } from './set-up.ts'
export { settingsOf } from './settings.ts'
export { typed } from './typed.ts'
