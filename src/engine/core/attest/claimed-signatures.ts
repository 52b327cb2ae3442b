import { SIGNERS } from '../../model/kinds.generated.ts'
import type { ClaimedSignature } from '../../model/verification.ts'
import { fingerprintOf, publicKeyOf } from '../sshsig/index.ts'
import { openEnvelope } from './dsse.ts'

/** What a line of attestations claims about its signature; null if it is not signed. Nothing of it has been checked. */
export function readClaimedSignature({ statement, signature, keyid }: SignedStatement): ClaimedSignature | null {
  if (signature === null) return null
  const { role } = statement.predicate
  const wire = publicKeyOf(signature)
  if (wire !== null) return { role, mode: 'ssh', key: fingerprintOf(wire) }
  const key = keyid !== null && /^[0-9a-f]{8,64}$/.test(keyid) ? keyid : null
  return { role, mode: modeOfLength(signature.length), key }
}

/** Null if no mode, or more than one, has signatures of this length. */
function modeOfLength(length: number): string | null {
  const [mode, second] = SIGNERS.filter(({ signatureBytes }) => signatureBytes === length)
  return second === undefined ? (mode?.kind ?? null) : null
}

type SignedStatement = Extract<ReturnType<typeof openEnvelope>, { is: 'statement' }>

/** What the lines about one session claim, without duplicates. */
export function claimedSignaturesOf(lines: readonly string[], session: string): ClaimedSignature[] {
  const claims = lines.flatMap((line) => {
    const opened = openEnvelope(line)
    return opened.is === 'statement' && opened.statement.predicate.session === session
      ? (readClaimedSignature(opened) ?? [])
      : []
  })
  return [...new Map(claims.map((claim) => [JSON.stringify(claim), claim])).values()]
}

/** `ssh key SHA256:…`, for a person who may know the key. */
export function describeKey({ mode, key }: Pick<ClaimedSignature, 'mode' | 'key'>): string {
  return `${mode ?? 'a'} key ${key ?? 'without an id'}`
}
