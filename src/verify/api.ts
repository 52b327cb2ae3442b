import type { KeyMode } from '../engine/model/kinds.generated.ts'
import type { Verification } from '../engine/model/verification.ts'
import type { Files } from '../engine/portable/index.ts'

// The library as its users see it. `dist/verify/index.d.ts` is made from this file, so nothing here may lead to a package.
export { type ErrorCode, PpError } from '../engine/model/error.ts'
export {
  type Check,
  STATUS_OF_WORD,
  type TrustedSignature,
  type Verification,
  type VerificationVerdict as Word,
} from '../engine/model/verification.ts'
export type { Files } from '../engine/portable/index.ts'

/** What is to be verified, by whose word, and how strictly. What is left out is as in `git pp verify`. */
export interface VerifyRequest {
  /** The top of a work tree, linked ones too, or a git directory, bare ones too. */
  readonly dir: string
  /** The git directory, where it is not to be found from `dir`. */
  readonly gitdir?: string
  /** The file system to read; default: that of Node. Nothing is ever written to it. */
  readonly fs?: Files
  /**
   * A commit (full id, name of a ref, with `~N` and `^N`), `A..B`, or the start of a session id.
   * Default: the newest session of the work tree, else HEAD.
   */
  readonly proof?: string
  /** Whom the caller believes; default: nobody. Nothing of the repository's configuration is asked. */
  readonly trust?: TrustRequest
  /** So many different public keys must have signed; default 1. A shared secret counts only for 1. */
  readonly threshold?: number
  readonly allowUnsigned?: boolean
  /** Accept red once and green once. */
  readonly allowWeak?: boolean
  /** Refuse the proof of another commit with the same trees. */
  readonly exact?: boolean
  /** Of a range: every commit (default), or those that announce a proof. */
  readonly require?: 'all' | 'trailer'
  /** The revision whose policy the proofs have to stand, too. */
  readonly policyFrom?: string
  /** Directory in the tree from which that policy is looked for upwards; default: the top. */
  readonly prefix?: string
  /** Refuse older proofs; ms. */
  readonly maxAgeMs?: number
  /** What time it is; default: now. */
  readonly now?: Date
}

/** One key: SPKI PEM or an OpenSSH line; with `mode` also bare bytes in hex or base64, a shared secret for 'hmac-sha256'. */
export interface TrustedKey {
  readonly text: string
  /** How answers call it; default: 'key 1' and so on. */
  readonly name?: string
  readonly mode?: KeyMode
}

/** PEM blocks and allowed signers (ssh-keygen(1), ALLOWED SIGNERS). */
export interface TrustedList {
  readonly text: string
  /** How answers call it; default: 'list 1' and so on. */
  readonly name?: string
}

/** Whom the verifier believes. All of it is text: which file may be trusted, the caller decides. */
export interface TrustRequest {
  readonly keys?: readonly TrustedKey[]
  readonly lists?: readonly TrustedList[]
  /** A revision whose `.pp/allowed_signers` counts. */
  readonly from?: string
  /** Revoked SSH keys, one OpenSSH line each. Binary lists (KRL) are refused. */
  readonly revoked?: string
}

/**
 * Checks proofs as `git pp verify` does, and runs no program: objects, refs and notes are read from the git directory, each
 * object is hashed again, and signatures are checked in this process. One answer for each commit; a range has several.
 * A verdict says what is wrong with a proof; what keeps this from looking is thrown as PpError: NOT_A_REPOSITORY,
 * UNSUPPORTED_REPOSITORY (sha256, reftable, alternates, partial clones, packs over 256 MiB, objects over 64 MiB),
 * USAGE (a key or a revision that is none), NO_PROOF (no such name), POLICY_INVALID, MALFORMED (a tree that is none of notes
 * stands in the place of the notes).
 */
export declare function verify(request: VerifyRequest): Promise<readonly Verification[]>
