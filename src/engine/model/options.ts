import type { Command } from './command.ts'
import type { KeyMode } from './kinds.generated.ts'
import type { HistoryDepth, SignMode } from './policy-values.ts'
import type { RunSummary } from './session.ts'

/** The caller: everything about the process that the engine may know. */
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
  /** The file that starts this program, for a session that signs in a process of its own. Absent: it runs from its source. */
  readonly program?: string
  /** Aborted by Ctrl-C or SIGTERM; `reason` is a PpError INTERRUPTED or TERMINATED. */
  readonly signal: AbortSignal
  /**
   * A program asks in the place of a person: settings of the repository and variables do not choose the policy, nothing is looser
   * than `confine` allows, and a word names only commits and sessions of this repository. Absent: a person typed it.
   */
  readonly confined?: true
  /** Gets one line for each git call and each run in a sandbox, when it has ended; absent: no trace is wanted. */
  readonly trace?: (line: string) => void
}

/** A command line as it was typed: options as `--long=value`, words, and the words after `--`. */
export interface TypedCommandLine {
  readonly options: readonly string[]
  readonly words: readonly string[]
  readonly argv: readonly string[] | null
}

/** What `prove` takes: a change that mends a failure; one that keeps what works; or either. */
export const PROVE_MODES = ['fix', 'refactor', 'auto'] as const
export type ProveMode = (typeof PROVE_MODES)[number]

/** The options that `run` and `prove` share, as typed; absent = not typed. Times in seconds. */
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
  /** Used to make the lines to type in an answer. */
  readonly typed?: TypedCommandLine
  readonly setup?: string
  readonly env: readonly string[]
  readonly expect?: string
  readonly hangAfter?: number
  readonly timeout?: number
  readonly runs?: 'auto' | number
  /** Find out how often the command fails, in at most `runs` pairs. */
  readonly flaky?: boolean
  /** The line to type for that. */
  readonly flakyLine?: string
  /** Absent: `fix`, or `auto` if the policy accepts changes without a red. */
  readonly mode?: ProveMode
  readonly minimize?: boolean
  /** Also prove a patch that holds the expected value of the test. */
  readonly acceptLiteral?: boolean
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
  /** How many answers to one request are wanted; absent: one. */
  readonly samples?: number
}

export interface ProveOptions extends SessionOptions {
  /** The words before `--`: a CHANGE, a COMMAND or both, as typed. */
  readonly words: readonly string[]
  /** The argv after `--`. */
  readonly argv: readonly string[] | null
  /** A patch instead of a CHANGE; for '-' the caller has read stdin into `patch`. */
  readonly patch: Uint8Array | null
  readonly each: boolean
  /** The commit whose policy counts, in place of that of the base. */
  readonly policyFrom?: string
}

/** The keys that a verifier trusts, as typed; if nothing was typed: global and system git config. */
export interface TrustOptions {
  /** Files with a public key, or with a shared secret if `mode` says so. */
  readonly key: readonly string[]
  readonly keyEnv?: string
  readonly mode?: KeyMode
  /** Files with public keys and allowed signers. */
  readonly trust: readonly string[]
  /** A revision whose .pp/allowed_signers is used. */
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
  /** Accept PRESERVED proofs, of changes without a red. */
  readonly acceptRefactor?: boolean
}

export interface AttestOptions {
  readonly proof: string | null
  readonly mode?: SignMode
  readonly keyFile?: string
  readonly keyEnv?: string
}

/** A proof that is pushed or fetched: its session, and the commit that carries it. */
export interface TransferredProof {
  readonly session: string
  readonly commit: string
}

/** The result of `fetch`. `isNew`: the notes of this remote did not contain the proof before. */
export interface FetchResult {
  readonly remote: string
  readonly proofs: readonly (TransferredProof & { readonly isNew: boolean })[]
  readonly warnings: readonly string[]
}

/** What `push` sends. */
export interface PushOptions {
  readonly proofs: readonly string[]
  readonly withAttempts: boolean
  readonly withSnapshot: boolean
  readonly dryRun: boolean
}

/** What `push` sent, or would send. `secrets`: texts that look like secrets; if there are any, nothing was sent. */
export interface PushResult {
  readonly remote: string
  readonly proofs: readonly TransferredProof[]
  readonly refs: readonly string[]
  readonly secrets: readonly { readonly rule: string; readonly path: string }[]
  readonly warnings: readonly string[]
  readonly dryRun: boolean
  /** If no proof was chosen: why, and what to type. */
  readonly nothing: { readonly reason: string; readonly mend: string | null } | null
}

/** What `forget` removed: deleted refs, and refs of notes that were written again without their history. */
export interface ForgetResult extends TransferredProof {
  readonly removed: readonly string[]
  readonly rewritten: readonly string[]
  readonly remote: string | null
}

/**
 * What `apply` did: the paths that it wrote, and the new commit of HEAD. `applied` false: it did nothing because something
 * was in the way.
 */
export interface ApplyResult {
  readonly applied: boolean
  readonly session: string
  readonly reason: string
  readonly commit: string | null
  readonly files: readonly string[]
  readonly inTheWay: readonly { readonly path: string; readonly why: string }[]
  /** What a commit by the user would have had in addition: a signature, hooks. */
  readonly warnings: readonly string[]
}

/** What `gc` removed, or would remove. */
export interface GcResult {
  readonly removed: readonly { readonly what: string; readonly why: string }[]
  readonly dryRun: boolean
}

export interface InitOptions {
  /** Overwrite an existing pp.yaml. */
  readonly force: boolean
  readonly dryRun: boolean
}

/** What `init --proposer` is asked for. */
export interface InitProposerOptions {
  /** The name of a preset; ignored with `remove`. */
  readonly name: string
  /** The user's own git config in place of that of the repository. */
  readonly user: boolean
  readonly remove: boolean
  readonly dryRun: boolean
}

/** What `init --proposer` wrote, or would write. */
export interface InitProposerResult {
  readonly key: string
  /** What the key said in that file before; null: nothing. */
  readonly was: string | null
  /** Null: it was taken out. */
  readonly value: string | null
  readonly scope: 'local' | 'global'
  readonly written: boolean
  /** The line that runs the agent. */
  readonly line: string | null
  /** Whether its program was found, as a sentence. */
  readonly program: string | null
  /** How to get the program, or null. */
  readonly mend: string | null
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
  /** Further runners, which the file contains as comments. */
  readonly others: readonly string[]
  /** The policy of a directory above, which no longer applies here. */
  readonly above: string | null
}

export type { RunSummary }
