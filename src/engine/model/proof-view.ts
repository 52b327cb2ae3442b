import type { CommitFacts } from './commit.ts'
import type { GateLine } from './gate.ts'
import type { RunCounts, SessionResult } from './session.ts'
import type { ClaimedSignature } from './verification.ts'

/** `added`: the base's own tests have no test with this id. */
export interface ChangedTest {
  readonly id: string
  readonly is: 'added' | 'in a changed file'
}

/** A proof for `show`: what the bundle says, and what git says now. */
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
  /** Who signed, as the attestations claim; `verify` decides whether that is true. */
  readonly attestations: readonly ClaimedSignature[]
  /** Tests that the change adds, and those of test files that it touches, as far as a runner named them. */
  readonly changedTests: readonly ChangedTest[]
  /** Bundle path → bytes, for `export` and for reading single files. */
  readonly files: ReadonlyMap<string, Uint8Array>
}

/** What this repository says about a proof that is reported to readers elsewhere. */
export interface LocalProofFacts {
  /** The proved commit; null: it is not in this repository. */
  readonly commit: CommitFacts | null
  /** The remote from which proofs could be fetched; null: no remote is configured. */
  readonly remote: string | null
  /** What the gate of this work tree said to the agent that made the change, oldest first; no part of the proof. */
  readonly gate: readonly GateLine[]
}

/** One line of `log`. */
export interface LogEntry {
  readonly session: string
  readonly commit: string | null
  readonly verdict: string
  readonly subject: string
  readonly at: string
  readonly kind: string
  readonly counts: RunCounts
  /** The remote it was fetched from; null: made or imported here. */
  readonly from: string | null
}
