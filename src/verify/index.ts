import * as nodeFs from 'node:fs'
import type { Desk } from '../engine/flows/verify/case.ts'
import { cautioned, gateOf, subjectOf, verifySubject } from '../engine/flows/verify/request.ts'
import { PpError } from '../engine/model/error.ts'
import type { Verification } from '../engine/model/verification.ts'
import type { Files } from '../engine/portable/files.ts'
import { inflate } from '../engine/portable/inflate.ts'
import { openPortable } from '../engine/portable/repository.ts'
import { type TrustRequest, trusted } from './trust.ts'

export { type ErrorCode, PpError } from '../engine/model/error.ts'
export {
  type Check,
  STATUS_OF_WORD,
  type TrustedSignature,
  type Verification,
  type Word,
} from '../engine/model/verification.ts'
export type { Files } from '../engine/portable/files.ts'
export type { TrustedKey, TrustedList, TrustRequest } from './trust.ts'

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

/**
 * Checks proofs as `git pp verify` does, and runs no program: objects, refs and notes are read from the git directory, each
 * object is hashed again, and signatures are checked in this process. One answer for each commit; a range has several.
 * A verdict says what is wrong with a proof; what keeps this from looking is thrown as PpError: NOT_A_REPOSITORY,
 * UNSUPPORTED_REPOSITORY (sha256, reftable, alternates, partial clones, packs over 256 MiB, objects over 64 MiB),
 * USAGE (a key or a revision that is none), NO_PROOF (no such name), POLICY_INVALID, MALFORMED (a tree that is none of notes
 * stands in the place of the notes).
 */
export async function verify(request: VerifyRequest): Promise<readonly Verification[]> {
  const { dir, gitdir, proof, policyFrom, prefix = '', require: required = 'all', now = new Date() } = request
  const repository = await openPortable(
    request.fs ?? (nodeFs as Files),
    gitdir === undefined ? { dir } : { dir, gitdir },
  )
  const { verifiers, cautions } = await trusted(repository, request.trust ?? {}, now)
  const desk: Desk = { ...repository, inflate, verifiers }
  const gate = policyFrom === undefined ? null : await gateOf(desk, policyFrom, prefix)
  const word = proof ?? (await repository.newest())
  const subject = word === null ? null : await subjectOf(desk, word)
  if (!subject)
    throw new PpError(
      'NO_PROOF',
      word === null ? 'there is no proof yet' : `no commit and no session here is called ${JSON.stringify(word)}`,
    )
  const { threshold = 1, allowUnsigned = false, allowWeak = false, exact = false, maxAgeMs = null } = request
  const rules = { now, trust: { threshold, allowUnsigned }, allowWeak, exact, maxAgeMs }
  const judged = await verifySubject(desk, subject, { rules, required, gate })
  return cautioned(judged, gate, cautions).map(({ found }) => found)
}
