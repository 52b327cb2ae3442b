import type { Command } from './command.ts'
import type { CommitFacts } from './commit.ts'
import type { KeyMode } from './kinds.generated.ts'
import type { HistoryDepth, SignMode } from './policy-values.ts'
import type { RunSummary, SessionResult } from './session.ts'
import type { ClaimedSignature } from './verification.ts'

/** Who calls and from where: everything of the process that the engine may know. */
export interface Caller {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly uid: number
  readonly gid: number
  /** Version of this tool. */
  readonly version: string
  /** Absolute path of the running Node. */
  readonly node: string
  /** Aborted by Ctrl-C or SIGTERM; `reason` is a PpError INTERRUPTED or TERMINATED. */
  readonly signal: AbortSignal
  /** Gets a line for each git call and each run in a sandbox when it is over; absent: nobody asked. */
  readonly trace?: (line: string) => void
}

/** A command line as it was typed: options as `--long=value`, words, and what stood behind `--`. */
export interface TypedCommandLine {
  readonly options: readonly string[]
  readonly words: readonly string[]
  readonly argv: readonly string[] | null
}

/** The options that `run` and `prove` share, as typed; absent = not said. Times in seconds. */
export interface SessionOptions {
  readonly policyFile?: string
  readonly target?: string
  readonly base?: string
  readonly jobs?: number
  readonly sandbox?: string
  readonly network?: 'deny' | 'allow'
  readonly history?: HistoryDepth
  readonly include: readonly string[]
  /** Judges that the change may edit. */
  readonly allow?: readonly string[]
  /** For the lines to type that an answer gives. */
  readonly typed?: TypedCommandLine
  readonly setup?: string
  readonly env: readonly string[]
  readonly expect?: string
  readonly hangAfter?: number
  readonly timeout?: number
  readonly runs?: 'auto' | number
  /** Tell how often it fails, in at most `runs` pairs. */
  readonly flaky?: boolean
  /** The line that asks for that, as it would have to be typed. */
  readonly flakyLine?: string
  readonly minimize?: boolean
  readonly keepWorktrees: boolean
  /** Sign the proof; `mode` absent: as the policy says. A key is a file or the name of a variable. */
  readonly sign?: { readonly mode?: SignMode }
  readonly keyFile?: string
  readonly keyEnv?: string
}

export interface RunOptions extends SessionOptions {
  /** Null: the targets of the policy. */
  readonly command: Command | null
  readonly provider: readonly string[]
  readonly model?: string
  readonly showPrompt: boolean
}

export interface ProveOptions extends SessionOptions {
  /** The words before `--`: a CHANGE, a COMMAND or both, as typed. */
  readonly words: readonly string[]
  /** The argv after `--`. */
  readonly argv: readonly string[] | null
  /** A patch file instead of a CHANGE; '-' = stdin was read by the caller into `patch`. */
  readonly patch: Uint8Array | null
  readonly each: boolean
}

/** Whom a verifier trusts, as typed; nothing said: global and system git config. */
export interface TrustOptions {
  /** Files with a public key, or with the shared secret that `mode` says it is. */
  readonly key: readonly string[]
  readonly keyEnv?: string
  readonly mode?: KeyMode
  /** Files with public keys and allowed signers. */
  readonly trust: readonly string[]
  /** A revision whose .pp/allowed_signers counts. */
  readonly trustFrom?: string
}

export interface VerifyOptions extends TrustOptions {
  /** Commits, ranges, session prefixes, directories; none: the newest session. */
  readonly proofs: readonly string[]
  readonly threshold: number
  readonly allowUnsigned: boolean
  readonly allowWeak: boolean
  readonly exact: boolean
  readonly require: 'all' | 'trailer'
  readonly policyFrom?: string
  readonly maxAgeMs?: number
}

export interface AttestOptions {
  readonly proof: string | null
  readonly mode?: SignMode
  readonly keyFile?: string
  readonly keyEnv?: string
}

/** `added`: the base's own tests have none of this id. */
export interface ChangedTest {
  readonly id: string
  readonly is: 'added' | 'in a changed file'
}

/** A proof as `show` tells it: what the bundle says, what git says now. */
export interface ProofView {
  readonly commit: string | null
  readonly session: string
  /** Sessions of the other proofs of the commit, newest first. */
  readonly others: readonly string[]
  readonly result: Omit<SessionResult, 'schemaVersion'>
  readonly manifest: string
  readonly startedAt: string
  readonly finishedAt: string
  readonly author: string
  /** Who signed, as the attestations say; whether that is so `verify` decides. */
  readonly attestations: readonly ClaimedSignature[]
  /** Tests that the change adds, and those of test files that it touches, as far as a runner named them. */
  readonly changedTests: readonly ChangedTest[]
  /** Bundle path → bytes, for `export` and for those who want to read a file. */
  readonly files: ReadonlyMap<string, Uint8Array>
}

/** What git says here about a proof that is told elsewhere. */
export interface LocalProofFacts {
  /** The proved commit; null: it is not here. */
  readonly commit: CommitFacts | null
  /** Where proofs could be fetched from; null: no remote is configured. */
  readonly remote: string | null
}

/** One line of `log`. */
export interface LogEntry {
  readonly session: string
  readonly commit: string | null
  readonly verdict: string
  readonly subject: string
  readonly at: string
  readonly kind: string
  readonly counts: { readonly reds: number; readonly greens: number }
  /** The remote it was fetched from; null: made or imported here. */
  readonly from: string | null
}

/** A proof on its way: its session, the commit that carries it. */
export interface TransferredProof {
  readonly session: string
  readonly commit: string
}

/** What `fetch` brought. `isNew`: this remote's notes had not been seen to hold it. */
export interface FetchResult {
  readonly remote: string
  readonly proofs: readonly (TransferredProof & { readonly isNew: boolean })[]
  readonly warnings: readonly string[]
}

/** What `push` takes along. */
export interface PushOptions {
  readonly proofs: readonly string[]
  readonly withAttempts: boolean
  readonly withSnapshot: boolean
  readonly dryRun: boolean
}

/** What `push` sent, or would send. `secrets`: what looks like one, and then nothing was sent. */
export interface PushResult {
  readonly remote: string
  readonly proofs: readonly TransferredProof[]
  readonly refs: readonly string[]
  readonly secrets: readonly { readonly rule: string; readonly path: string }[]
  readonly warnings: readonly string[]
  readonly dryRun: boolean
  /** Where no proof was chosen: why, and what to type. */
  readonly nothing: { readonly reason: string; readonly mend: string | null } | null
}

/** What `forget` withdrew: refs deleted, refs of notes written anew without their past. */
export interface ForgetResult extends TransferredProof {
  readonly removed: readonly string[]
  readonly rewritten: readonly string[]
  readonly remote: string | null
}

/** What `apply` did: the paths it wrote, the commit that HEAD is now. `applied` false: nothing, for what was in the way. */
export interface ApplyResult {
  readonly applied: boolean
  readonly session: string
  readonly reason: string
  readonly commit: string | null
  readonly files: readonly string[]
  readonly inTheWay: readonly { readonly path: string; readonly why: string }[]
  /** What a commit of the user would have had besides: a signature, hooks. */
  readonly warnings: readonly string[]
}

/** What `gc` removed, or would remove. */
export interface GcResult {
  readonly removed: readonly { readonly what: string; readonly why: string }[]
  readonly dryRun: boolean
}

export interface InitOptions {
  /** Write over a pp.yaml that is there. */
  readonly force: boolean
  readonly dryRun: boolean
}

/** What `init` wrote, or would write. */
export interface InitResult {
  /** From the top of the work tree. */
  readonly file: string
  readonly text: string
  readonly written: boolean
  /** Null: none was recognised, and the policy has no target. */
  readonly runner: string | null
  readonly targets: readonly { readonly name: string; readonly cmd: string }[]
  /** Further runners, as comments. */
  readonly others: readonly string[]
  /** The policy of a directory above that no longer counts here. */
  readonly above: string | null
}

export type { RunSummary }
