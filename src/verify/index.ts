import * as nodeFs from 'node:fs'
import { cautioned, type Desk, gateOf, subjectOf, verifySubject } from '../engine/flows/verify/index.ts'
import { PpError } from '../engine/model/error.ts'
import { type Files, inflate, openPortable } from '../engine/portable/index.ts'
import type * as api from './api.ts'
import { trusted } from './trust.ts'

export { PpError } from '../engine/model/error.ts'
export { STATUS_OF_WORD } from '../engine/model/verification.ts'

/** See api.ts. */
export const verify: typeof api.verify = async (request) => {
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
      word === null ? 'there is no proof yet' : `there is no commit and no session called ${JSON.stringify(word)}`,
    )
  const { threshold = 1, allowUnsigned = false, allowWeak = false, exact = false, maxAgeMs = null } = request
  const rules = { now, trust: { threshold, allowUnsigned }, allowWeak, exact, maxAgeMs }
  const judged = await verifySubject(desk, subject, { rules, required, gate })
  return cautioned(judged, gate, cautions).map(({ found }) => found)
}
