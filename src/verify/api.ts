import type { KeyMode } from '../engine/model/kinds.generated.ts'
import type { Verification } from '../engine/model/verification.ts'
import type { Files } from '../engine/portable/index.ts'

// The library as its users see it. `dist/verify/index.d.ts` is made from this file, so nothing here may import a package.
export { type ErrorCode, PpError } from '../engine/model/error.ts'
export {
  type Check,
  STATUS_OF_WORD,
  statusOfVerification,
  type TrustedSignature,
  type Verification,
  type VerificationVerdict as Word,
} from '../engine/model/verification.ts'
export type { Files } from '../engine/portable/index.ts'

/** What to verify, which keys to trust, and how strict to be. Omitted values are as in `git pp verify`. */
export interface VerifyRequest {
  /** The top of a work tree (also a linked one), or a git directory (also a bare one). */
  readonly dir: string
  /** The git directory, if it cannot be found from `dir`. */
  readonly gitdir?: string
  /** The file system to read from; default: Node's. Nothing is ever written to it. */
  readonly fs?: Files
  /**
   * A commit (full id, name of a ref, with `~N` and `^N`), `A..B`, or the start of a session id.
   * Default: the newest session of the work tree, else HEAD.
   */
  readonly proof?: string
  /** The keys that the caller trusts; default: none. The repository's configuration is not used. */
  readonly trust?: TrustRequest
  /** How many different public keys must have signed; default 1. A shared secret counts only if this is 1. */
  readonly threshold?: number
  readonly allowUnsigned?: boolean
  /** Accept a proof that was red only once and green only once. */
  readonly allowWeak?: boolean
  /** Accept PRESERVED proofs, of changes without a red. */
  readonly acceptRefactor?: boolean
  /** Refuse the proof of another commit with the same trees. */
  readonly exact?: boolean
  /** For a range: every commit (default), or only those that announce a proof. */
  readonly require?: 'all' | 'trailer'
  /** The revision whose policy the proofs have to satisfy, too. */
  readonly policyFrom?: string
  /** The directory of the tree from which that policy is searched upwards; default: the top. */
  readonly prefix?: string
  /** In ms: refuse older proofs. */
  readonly maxAgeMs?: number
  /** The current time; default: now. */
  readonly now?: Date
}

/** One key: SPKI PEM or an OpenSSH line. With `mode` also bare bytes in hex or base64; for 'hmac-sha256' a shared secret. */
export interface TrustedKey {
  readonly text: string
  /** Its name in answers; default: 'key 1' and so on. */
  readonly name?: string
  readonly mode?: KeyMode
}

/** PEM blocks and allowed signers (ssh-keygen(1), ALLOWED SIGNERS). */
export interface TrustedList {
  readonly text: string
  /** Its name in answers; default: 'list 1' and so on. */
  readonly name?: string
}

/** What the verifier trusts. All of it is text, so that the caller decides which files to trust. */
export interface TrustRequest {
  readonly keys?: readonly TrustedKey[]
  readonly lists?: readonly TrustedList[]
  /** A revision whose `.pp/allowed_signers` is used. */
  readonly from?: string
  /** Revoked SSH keys, one OpenSSH line each. Binary lists (KRL) are refused. */
  readonly revoked?: string
}

/**
 * Checks proofs as `git pp verify` does, without running a program: objects, refs and notes are read from the git directory,
 * each object is hashed again, and signatures are checked in this process. Returns one answer for each commit; a range has
 * several. A verdict says what is wrong with a proof. If the check itself is not possible, a PpError is thrown:
 * NOT_A_REPOSITORY, UNSUPPORTED_REPOSITORY (sha256, reftable, alternates, partial clones, packs over 256 MiB, objects over 64
 * MiB), USAGE (a key or a revision that is not valid), NO_PROOF (no such name), POLICY_INVALID, MALFORMED (the notes ref does
 * not hold a tree of notes).
 */
export declare function verify(request: VerifyRequest): Promise<readonly Verification[]>
