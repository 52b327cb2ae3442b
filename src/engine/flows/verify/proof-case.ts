import type { OpenedEnvelope } from '../../core/attest/index.ts'
import type { Inflate } from '../../core/gitpatch/index.ts'
import type { Change, TreeEntry } from '../../model/change.ts'
import type { CommitFacts } from '../../model/commit.ts'
import type { Oid } from '../../model/oid.ts'
import type { Policy } from '../../model/policy.ts'
import type { Bundle, Repro } from '../../model/proof.ts'
import type { TrustedSignature, VerificationVerdict } from '../../model/verification.ts'
import type { CommitHistory, Notes, Patches, Refs, VerifiedObjects } from '../../ports/repository.ts'
import type { Verifier } from '../../ports/signer.ts'
import type { ParsedPolicies } from '../policies/index.ts'

/** What the verifier asks for. */
export interface VerificationRules {
  readonly now: Date
  /** Null: it does not matter whose signature it is (`attest`). */
  readonly trust: { readonly threshold: number; readonly allowUnsigned: boolean } | null
  readonly allowWeak: boolean
  /** Whether a change without a red is accepted; with a gate whose policy states what it accepts, that decides. */
  readonly acceptRefactor?: boolean
  /** The commit itself must have been proved, not one of the same trees. */
  readonly exact: boolean
  readonly maxAgeMs: number | null
  readonly gate: PolicyGate | null
}

/** The verifier's own policy. `bases`: the commits at which a change may start; grows with every commit that is proved. */
export interface PolicyGate {
  readonly ref: string
  readonly policy: Policy
  /** The commit that the policy was read from. */
  readonly commit: Oid
  readonly bases: ReadonlySet<Oid>
}

/** The ports that verifying reads. None of them runs anything of the repository, and none fetches. */
export interface VerifierPorts {
  readonly history: Pick<CommitHistory, 'resolve' | 'mergeBase' | 'range'>
  readonly objects: VerifiedObjects
  readonly notes: Pick<Notes, 'read' | 'list' | 'each'>
  readonly refs: Pick<Refs, 'list'>
  readonly patches: Pick<Patches, 'id'>
  readonly inflate: Inflate
  /** The patch between two trees, used to find the same change elsewhere; only the verdict STALE depends on it. */
  readonly patch: (from: Oid, to: Oid) => Promise<Uint8Array>
  readonly verifiers: readonly Verifier[]
  /** Policies of trees that were parsed before; absent: none is kept. */
  readonly policies?: ParsedPolicies
}

/** One line of the attestations that could be read. */
export type ReadAttestation = Extract<OpenedEnvelope, { is: 'statement' }>

/** One bundle, to be checked as the proof of one commit. */
export interface ProofCase {
  readonly commit: CommitFacts
  /** The tree of its first parent; the empty tree for a root commit. */
  readonly parentTree: Oid
  readonly bundle: Bundle
  readonly repro: Repro
  readonly policy: Policy
  readonly finalTree: Oid
  readonly attested: readonly ReadAttestation[]
  /** How many lines of attestations could not be read. */
  readonly malformed: number
}

/** What the trees hold; it is read and hashed once for each case. */
export interface TreeContents {
  readonly base: readonly TreeEntry[]
  readonly final: readonly TreeEntry[]
  readonly changes: readonly Change[]
}

/** What a check found; later checks and the answer use `place` and `signatures`. */
export type CheckResult =
  | {
      readonly ok: true
      readonly detail: string
      readonly place?: ProofPlacement
      readonly signatures?: readonly TrustedSignature[]
    }
  | { readonly ok: false; readonly word: VerificationVerdict; readonly detail: string; readonly mend?: string }

/** Where the proved change stands: this commit, or one with the same tree on the same parent tree. */
export type ProofPlacement = 'here' | 'same trees'

export function checkPassed(
  detail: string,
  more: { place?: ProofPlacement; signatures?: readonly TrustedSignature[] } = {},
): CheckResult {
  return { ok: true, detail, ...more }
}

export function checkFailed(word: VerificationVerdict, detail: string, mend?: string): CheckResult {
  return mend === undefined ? { ok: false, word, detail } : { ok: false, word, detail, mend }
}
