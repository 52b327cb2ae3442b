import type { BundleFileContent } from '../../core/bundle/index.ts'
import type { CommandNamedFile, JudgesByPath } from '../../core/found-judges/index.ts'
import type { VisibleHistoryFacts } from '../../core/history/index.ts'
import type { WritableJudges } from '../../core/judge-mounts/index.ts'
import type { JudgeChangePermission, JudgeClassifier } from '../../core/judges/index.ts'
import type { BaseReads } from '../../model/base-reads.ts'
import type { Change } from '../../model/change.ts'
import type { Target } from '../../model/command.ts'
import { PpError } from '../../model/error.ts'
import type { Oid, SessionId } from '../../model/oid.ts'
import type { ProveMode, TypedCommandLine } from '../../model/options.ts'
import type { Focus } from '../../model/policy-values.ts'
import type { ProofVersion } from '../../model/proof.ts'
import type { Refusal } from '../../model/proposal.ts'
import type { SecretRedactor, SessionSecrets } from '../../model/redactor.ts'
import type { RunSummary } from '../../model/session.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Inspector } from '../../ports/inspector.ts'
import type { Reporter } from '../../ports/reporter.ts'
import type { CommitHistory, Notes, Objects, Patches, Refs, RepositoryPaths } from '../../ports/repository.ts'
import type { Sandbox } from '../../ports/sandbox.ts'
import type { Syntax } from '../../ports/syntax.ts'
import type { IncludedDependency, Workspace, WorkspaceKind, Workspaces } from '../../ports/workspace.ts'

/** What policy and flags result in, in the units that the flows use. Times in ms, sizes in bytes. */
export interface SessionSettings {
  readonly runs: 'auto' | number
  /** Whether further runs of a slow suite are of its failing tests alone. */
  readonly focus: Focus
  /** `prove --flaky`: at most this many pairs are run to find out how often the command fails; null: not asked for. */
  readonly flakyPairs: number | null
  /** What to type if the command fails only in some runs without the change; null: there is nothing to type. */
  readonly flakyLine: string | null
  /** Whether `prove` takes a change without a red. */
  readonly mode: ProveMode
  /** How many of the changed lines tests have to run, in percent; null: at least one line. */
  readonly minExecuted: number | null
  /** The oldest version of records whose readers know every key and word of the policy. */
  readonly policyVersion: ProofVersion
  readonly expect: string | null
  readonly minimize: boolean
  readonly allowJudgeChanges: boolean
  /** Whether judges that the base's own run writes may be written, as private copies. */
  readonly judgesWritable: 'allow' | 'deny'
  /** Whether a proof may need changes of data that the command reads, or be made where its reads cannot be observed. */
  readonly judgesObserved: 'remark' | 'deny'
  readonly jobs: number
  readonly keepWorktrees: boolean
  readonly network: 'deny' | 'allow'
  /** Names of variables that a policy or a flag adds to the environment of commands. */
  readonly variables: readonly string[]
  readonly maxAttempts: number
  readonly perCommandMs: number
  /** Whether somebody stated it; if not, a run that still prints may take longer. */
  readonly perCommandStated: boolean
  readonly sessionMs: number
  readonly maxOutputBytes: number
  readonly maxModelTokens: number | null
  readonly searchMs: number
  /** Whether a patch that holds the expected value of the test is proved, too. */
  readonly acceptLiteral: boolean
  readonly maxCandidates: number
  readonly hangAfterMs: number | null
  /** Commands that must pass on the final tree and that no proposer is told about. */
  readonly also: readonly Target[]
  /** A line for the message of a proved commit that git pp writes; null: none. */
  readonly trailer: string | null
}

/** The commit that a session starts from. `snapshot`: a dirty work tree, so its notes stay local. */
export interface SessionBase {
  readonly commit: Oid
  readonly tree: Oid
  readonly snapshot: boolean
}

/** What a session is about, and the rules that apply to it; none of it changes. */
export interface SessionInputs {
  readonly id: SessionId
  readonly kind: 'run' | 'prove' | 'replay'
  readonly version: string
  readonly author: string
  readonly startedAt: Date
  /** `clock.elapsed()` at `startedAt`. Limits are counted from it, because the date of a machine may jump. */
  readonly begun: number
  readonly place: RepositoryPaths
  readonly base: SessionBase
  /** The tree of a change that exists already; null: there is none yet. */
  readonly alsoTree: Oid | null
  readonly targets: readonly Target[]
  /** What was typed before the COMMAND, without `git pp`: the verb, and the change if one was named. */
  readonly words: readonly string[]
  readonly settings: SessionSettings
  readonly judgeOf: JudgeClassifier
  /** Files that are judges because the command names them, or leads to them. */
  readonly named: readonly CommandNamedFile[]
  readonly allowedBy: JudgeChangePermission
  /** Whether the policy or the user names a path, by more than a pattern that matches nearly everything. */
  readonly namesPath: (path: string) => boolean
  /** What was typed; null: nobody typed it. */
  readonly typed: TypedCommandLine | null
  /** What the policy says about a change of trees; `spentBytes`: patch bytes of earlier attempts. */
  readonly guard: (
    base: Oid,
    changes: readonly Change[],
    patch: Uint8Array,
    spentBytes: number,
  ) => Promise<readonly Refusal[]>
  /**
   * What a reader has to know first about a change that the policy allows: files that run by themselves, new programs,
   * binaries.
   */
  readonly remarks: (changes: readonly Change[]) => Promise<readonly string[]>
  /** environment.json, without the parts that are known only at the end of the session. */
  readonly surroundings: Readonly<Record<string, unknown>>
  /** What commands see of the history; null: nothing. */
  readonly past: VisibleHistoryFacts | null
  /** Bounds in force that the sandbox cannot enforce, one word each. */
  readonly notBounded: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly includes: readonly IncludedDependency[]
  readonly signal: AbortSignal
}

/** The ports of a session. */
export interface SessionPorts {
  readonly objects: Objects
  readonly patches: Patches
  readonly history: CommitHistory
  readonly refs: Refs
  readonly notes: Notes
  readonly workspaces: Workspaces
  readonly sandbox: Sandbox
  readonly inspector: Inspector
  readonly syntax: Syntax
  readonly reporter: Reporter
  readonly clock: Clock
  /** For texts of the repository and for all that leaves the session; it does not mask paths and names. */
  readonly redactor: SessionSecrets
  /** For what commands print; it also masks the paths of the checkout and of home, the user and the host. */
  readonly outputRedactor: SecretRedactor
}

/** What a session has found so far; grows while it runs. */
export interface SessionFindings {
  /** Judges that are not known by name alone; grows as runs of the base show more of them, and `judgeOf` follows it. */
  readonly judges: JudgesByPath
  /** Files in which an assertion failed, although no runner says that they are tests. */
  readonly doubts: Set<string>
  /** Bundle path → bytes. */
  readonly record: Map<string, BundleFileContent>
  /** One row per execution. */
  readonly runs: RunSummary[]
  readonly warnings: string[]
  readonly writable: WritableJudges
  /** Files that a test runner would load and that runs without the product of the change leave, too. */
  readonly plantedByBase: Set<string>
  /** What the run of the base's own tree read. */
  readonly baseReads: BaseReads
}

/** One `run`, `prove` or `replay` in progress. Each step takes the parts that it uses. */
export interface Session extends SessionInputs, SessionPorts, SessionFindings {}

/** How much of the session's time is left, in ms; below 0 if it is used up. */
export function timeLeft({ settings, clock, begun }: Pick<Session, 'settings' | 'clock' | 'begun'>): number {
  return Math.floor(settings.sessionMs - (clock.elapsed() - begun))
}

/** Adds a warning, but only the first one of its kind. */
export function warnOnce({ warnings }: Pick<Session, 'warnings'>, kind: string, what: string | null): void {
  if (what !== null && !warnings.some((one) => one.startsWith(kind))) warnings.push(`${kind}: ${what}`)
}

/** Throws the reason that the caller's signal was aborted with. */
export function throwIfAborted({ signal }: Pick<Session, 'signal'>): void {
  if (!signal.aborted) return
  const { reason } = signal
  throw reason instanceof PpError ? reason : new PpError('INTERRUPTED', 'interrupted')
}

/** Opens a work tree of `tree`, passes it to the callback, and removes it in every case. */
export async function withWorkspace<T>(
  session: Pick<Session, 'signal' | 'workspaces' | 'settings'>,
  tree: Oid,
  use: (workspace: Workspace) => Promise<T>,
  kind: WorkspaceKind = 'any',
): Promise<T> {
  throwIfAborted(session)
  const workspace = await session.workspaces.open(tree, kind)
  try {
    return await use(workspace)
  } finally {
    if (!session.settings.keepWorktrees) await workspace.dispose()
  }
}
