import type { BundleFileContent } from '../../core/bundle/index.ts'
import type { VisibleHistoryFacts } from '../../core/history/index.ts'
import type { WritableJudges } from '../../core/judge-mounts/index.ts'
import type { CommandNamedFile, JudgeChangePermission, JudgeClassifier, JudgesByPath } from '../../core/judges/index.ts'
import type { Change } from '../../model/change.ts'
import type { Target } from '../../model/command.ts'
import { PpError } from '../../model/error.ts'
import type { Oid, SessionId } from '../../model/oid.ts'
import type { TypedCommandLine } from '../../model/options.ts'
import type { Refusal } from '../../model/proposal.ts'
import type { SecretRedactor } from '../../model/redactor.ts'
import type { RunSummary } from '../../model/session.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Inspector } from '../../ports/inspector.ts'
import type { Reporter } from '../../ports/reporter.ts'
import type { CommitHistory, Notes, Objects, Patches, Refs, RepositoryPaths } from '../../ports/repository.ts'
import type { Sandbox } from '../../ports/sandbox.ts'
import type { IncludedDependency, Workspace, Workspaces } from '../../ports/workspace.ts'

/** What policy and flags came to, in the units the flows use. Times in ms, sizes in bytes. */
export interface SessionSettings {
  readonly runs: 'auto' | number
  /** `prove --flaky`: at most so many pairs are run to tell how often it fails; null: not asked for. */
  readonly flakyPairs: number | null
  /** What to type where the command fails only in some runs without the change; null: nothing can be typed for it. */
  readonly flakyLine: string | null
  readonly expect: string | null
  readonly minimize: boolean
  readonly allowJudgeChanges: boolean
  /** Whether judges that the base's own run writes may be written, as private copies. */
  readonly judgesWritable: 'allow' | 'deny'
  readonly jobs: number
  readonly keepWorktrees: boolean
  readonly network: 'deny' | 'allow'
  /** Names that a policy or a flag adds to what commands see. */
  readonly variables: readonly string[]
  readonly maxAttempts: number
  readonly perCommandMs: number
  readonly sessionMs: number
  readonly maxOutputBytes: number
  readonly maxModelTokens: number | null
  readonly searchMs: number
  readonly maxCandidates: number
  readonly hangAfterMs: number | null
  /** Commands that must pass on the final tree and that no proposer hears of. */
  readonly also: readonly Target[]
  /** A line for the message of a proved commit that is ours to write; null: none. */
  readonly trailer: string | null
}

/** The commit that a session starts from. `snapshot`: a dirty work tree, so its notes stay local. */
export interface SessionBase {
  readonly commit: Oid
  readonly tree: Oid
  readonly snapshot: boolean
}

/** What a session is about, and the rules it goes by; none of it changes. */
export interface SessionInputs {
  readonly id: SessionId
  readonly kind: 'run' | 'prove' | 'replay'
  readonly version: string
  readonly author: string
  readonly startedAt: Date
  /** `clock.elapsed()` then: what limits are counted by, since a date may jump. */
  readonly begun: number
  readonly place: RepositoryPaths
  readonly base: SessionBase
  /** The tree of a change that exists already; null: there is none yet. */
  readonly alsoTree: Oid | null
  readonly targets: readonly Target[]
  /** What was typed before the COMMAND, `git pp` aside: the verb, and the change if one was named. */
  readonly words: readonly string[]
  readonly settings: SessionSettings
  readonly judgeOf: JudgeClassifier
  /** Files that decide because the command names them, or leads to them. */
  readonly named: readonly CommandNamedFile[]
  readonly allowedBy: JudgeChangePermission
  /** What was typed; null: nobody typed it. */
  readonly typed: TypedCommandLine | null
  /** What the policy says about a change of trees; `spentBytes`: patch bytes of earlier attempts. */
  readonly guard: (
    base: Oid,
    changes: readonly Change[],
    patch: Uint8Array,
    spentBytes: number,
  ) => Promise<readonly Refusal[]>
  /** What a reader has to know first of a change that is let pass: files that run by themselves, new programs, binaries. */
  readonly remarks: (changes: readonly Change[]) => Promise<readonly string[]>
  /** environment.json, but for what only the end of the session knows. */
  readonly surroundings: Readonly<Record<string, unknown>>
  /** What commands see of the past; null: nothing. */
  readonly past: VisibleHistoryFacts | null
  /** Bounds in force that the sandbox cannot make hold, one word each. */
  readonly notBounded: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly includes: readonly IncludedDependency[]
  readonly signal: AbortSignal
}

/** What it works with. */
export interface SessionPorts {
  readonly objects: Objects
  readonly patches: Patches
  readonly history: CommitHistory
  readonly refs: Refs
  readonly notes: Notes
  readonly workspaces: Workspaces
  readonly sandbox: Sandbox
  readonly inspector: Inspector
  readonly reporter: Reporter
  readonly clock: Clock
  /** For texts of the repository, which keep what they say of paths and names. */
  readonly redactor: SecretRedactor
  /** For what commands print: it also hides where this machine keeps the checkout, home, user and host. */
  readonly outputRedactor: SecretRedactor
}

/** What it has found so far; grows while the session runs. */
export interface SessionFindings {
  /** Judges beside those by name; grows as runs of the base show more, and `judgeOf` follows it. */
  readonly judges: JudgesByPath
  /** Files in which an assertion failed, of which no runner says whether they are tests. */
  readonly doubts: Set<string>
  /** Bundle path → bytes. */
  readonly record: Map<string, BundleFileContent>
  /** One row per execution. */
  readonly runs: RunSummary[]
  readonly warnings: string[]
  readonly writable: WritableJudges
}

/** One `run`, `prove` or `replay` under way. A step takes of it what it uses. */
export interface Session extends SessionInputs, SessionPorts, SessionFindings {}

/** How much of the session's time is left, in ms; below 0: it is spent. */
export function timeLeft({ settings, clock, begun }: Pick<Session, 'settings' | 'clock' | 'begun'>): number {
  return Math.floor(settings.sessionMs - (clock.elapsed() - begun))
}

/** Says something about the session, the first time that there is something to say of its kind. */
export function warnOnce({ warnings }: Pick<Session, 'warnings'>, kind: string, what: string | null): void {
  if (what !== null && !warnings.some((one) => one.startsWith(kind))) warnings.push(`${kind}: ${what}`)
}

/** Throws what the caller's signal was aborted with. */
export function throwIfAborted({ signal }: Pick<Session, 'signal'>): void {
  if (!signal.aborted) return
  const { reason } = signal
  throw reason instanceof PpError ? reason : new PpError('INTERRUPTED', 'interrupted')
}

/** Opens a work tree of `tree`, lends it, and takes it back whatever happens. */
export async function withWorkspace<T>(
  session: Pick<Session, 'signal' | 'workspaces' | 'settings'>,
  tree: Oid,
  use: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  throwIfAborted(session)
  const workspace = await session.workspaces.open(tree)
  try {
    return await use(workspace)
  } finally {
    if (!session.settings.keepWorktrees) await workspace.dispose()
  }
}
