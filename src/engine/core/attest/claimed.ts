import type { ClaimedSignature } from '../../model/verification.ts'
import { fingerprintOf, publicKeyOf } from '../sshsig/index.ts'
import { openEnvelope } from './dsse.ts'

/** How long signatures are that have no form of their own, RFC 8032 and sha256; bytes. */
const MODE_OF_LENGTH: Readonly<Record<number, string>> = { 64: 'ed25519', 32: 'hmac-sha256' }

/** A line of attestations as it presents itself; null where nobody signed it. Nothing of it was checked. */
export function claimed({ statement, signature, keyid }: Signed): ClaimedSignature | null {
  if (signature === null) return null
  const { role } = statement.predicate
  const wire = publicKeyOf(signature)
  if (wire !== null) return { role, mode: 'ssh', key: fingerprintOf(wire) }
  const key = keyid !== null && /^[0-9a-f]{8,64}$/.test(keyid) ? keyid : null
  return { role, mode: MODE_OF_LENGTH[signature.length] ?? null, key }
}

type Signed = Extract<ReturnType<typeof openEnvelope>, { is: 'statement' }>

/** What the lines about one session claim, each once. */
export function claimsOf(lines: readonly string[], session: string): ClaimedSignature[] {
  const claims = lines.flatMap((line) => {
    const opened = openEnvelope(line)
    return opened.is === 'statement' && opened.statement.predicate.session === session ? (claimed(opened) ?? []) : []
  })
  return [...new Map(claims.map((claim) => [JSON.stringify(claim), claim])).values()]
}

/** `ssh key SHA256:…`, for a person who may know the key. */
export function keyWords({ mode, key }: Pick<ClaimedSignature, 'mode' | 'key'>): string {
  return `${mode ?? 'a'} key ${key ?? 'without an id'}`
}
