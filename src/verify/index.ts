import * as nodeFs from 'node:fs'
import {
  gatePolicyOf,
  type VerifierPorts,
  verificationSubjectOf,
  verifySubject,
  withCautions,
} from '../engine/flows/verify/index.ts'
import { PpError } from '../engine/model/error.ts'
import { type Files, inflate, openPortable } from '../engine/portable/index.ts'
import type * as api from './api.ts'
import { trustedVerifiers } from './trust.ts'

export { PpError } from '../engine/model/error.ts'
export { STATUS_OF_WORD, statusOfVerification } from '../engine/model/verification.ts'

/** See api.ts. */
export const verify: typeof api.verify = async (request) => {
  const { dir, gitdir, proof, policyFrom, prefix = '', require: required = 'all', now = new Date() } = request
  const repository = await openPortable(
    request.fs ?? (nodeFs as Files),
    gitdir === undefined ? { dir } : { dir, gitdir },
  )
  const { verifiers, cautions } = await trustedVerifiers(repository, request.trust ?? {}, now)
  const ports: VerifierPorts = { ...repository, inflate, verifiers, policies: new Map() }
  const gate = policyFrom === undefined ? null : await gatePolicyOf(ports, policyFrom, prefix)
  const word = proof ?? (await repository.newest())
  const subject = word === null ? null : await verificationSubjectOf(ports, word)
  if (!subject)
    throw new PpError(
      'NO_PROOF',
      word === null ? 'there is no proof yet' : `there is no commit and no session called ${JSON.stringify(word)}`,
    )
  const { threshold = 1, allowUnsigned = false, allowWeak = false, exact = false, maxAgeMs = null } = request
  const { acceptRefactor = false } = request
  const rules = { now, trust: { threshold, allowUnsigned }, allowWeak, acceptRefactor, exact, maxAgeMs }
  const judged = await verifySubject(ports, subject, { rules, required, gate })
  return withCautions(judged, gate, cautions).map(({ found }) => found)
}
