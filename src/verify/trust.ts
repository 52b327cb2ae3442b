import { readTrustFile, trustedKey } from '../engine/core/sshsig/index.ts'
import { trustListOf } from '../engine/flows/verify/index.ts'
import { PpError } from '../engine/model/error.ts'
import type { TrustAnchor } from '../engine/model/trust.ts'
import { type PortableRepository, verifierOf } from '../engine/portable/index.ts'
import type { Verifier } from '../engine/ports/signer.ts'
import type { TrustRequest } from './api.ts'

interface LibraryTrust {
  readonly verifiers: readonly Verifier[]
  /** Entries of lists that could not be read. */
  readonly cautions: readonly string[]
}

/** Throws USAGE for a key that is not valid, and if nothing that was named can be read. */
export async function trustedVerifiers(
  repository: PortableRepository,
  request: TrustRequest,
  now: Date,
): Promise<LibraryTrust> {
  const { keys = [], lists = [], from, revoked = null } = request
  const named = lists.map(({ text, name }, at) => ({ text, origin: name ?? `list ${at + 1}` }))
  if (from !== undefined) named.push({ text: await trustListOf(repository, from), origin: from })
  const read = named.map(({ text, origin }) => readTrustFile(text, origin))
  const single = keys.map(({ text, name, mode }, at) =>
    trustedKey({ text, origin: name ?? `key ${at + 1}`, file: null }, mode),
  )
  const trust: readonly TrustAnchor[] = [...single, ...read.flatMap((one) => one.trust)]
  const cautions = read.flatMap(({ problems }) => problems)
  if (trust.length === 0 && named.length > 0)
    throw new PpError('USAGE', `there is no key that can be read: ${cautions.join('; ') || 'the list is empty'}`)
  return { verifiers: await Promise.all(trust.map((one) => verifierOf(one, { now, revoked }))), cautions }
}
