import { PpError } from './model/error.ts'
import type { Caller, LogEntry, ProofView, ProveOptions, RunOptions, Sweep } from './model/options.ts'
import type { ReplayResult, SessionResult } from './model/session.ts'
import type { Reporter } from './ports/reporter.ts'

const later = (): never => {
  throw new PpError('INTERNAL', 'not wired yet')
}

/** Base red, attempts, proof. */
export const run: (caller: Caller, options: RunOptions, reporter: Reporter) => Promise<SessionResult> = later
/** The text a model would get for the first attempt; sends nothing. */
export const showPrompt: (caller: Caller, options: RunOptions, reporter: Reporter) => Promise<string> = later
/** Proves a change that exists; one result per change (`each`: several). */
export const prove: (caller: Caller, options: ProveOptions, reporter: Reporter) => Promise<SessionResult[]> = later
/** Runs a proof again. `proof`: a commit, a session prefix, a bundle directory, or null for the newest. */
export const replay: (
  caller: Caller,
  options: { proof: string | null; sandbox?: string; network?: 'deny' | 'allow' },
  reporter: Reporter,
) => Promise<ReplayResult> = later
export const show: (caller: Caller, proof: string | null) => Promise<ProofView> = later
export const log: (caller: Caller, options: { limit: number | null }) => Promise<LogEntry[]> = later
/** Writes the bundle as a directory; answers the directory. */
export const exportBundle: (caller: Caller, proof: string | null, dir: string | null) => Promise<string> = later
/** Reads a bundle directory back into notes; answers the session and the commit it hangs on. */
export const importBundle: (caller: Caller, dir: string) => Promise<{ session: string; commit: string }> = later
export const gc: (
  caller: Caller,
  options: { olderThanMs: number | null; all: boolean; dryRun: boolean },
) => Promise<Sweep> = later
