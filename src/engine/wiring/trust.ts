import { readFile, realpath } from 'node:fs/promises'
import { basename, isAbsolute, join, resolve, sep } from 'node:path'
import { readTrustFile, revokedKeys, trustedKey } from '../core/sshsig/index.ts'
import { TRUST_PATH, trustListOf } from '../flows/verify/index.ts'
import { PpError } from '../model/error.ts'
import type { Caller, TrustOptions } from '../model/options.ts'
import type { TrustAnchor } from '../model/trust.ts'
import type { Verifier } from '../ports/signer.ts'
import type { OpenReader } from './reader.ts'
import { keyFile, keyVariable, signerKindOf } from './signing.ts'

/** The trusted verifiers, and cautions for the reader about them. */
export interface TrustedVerifiers {
  readonly verifiers: readonly Verifier[]
  readonly cautions: readonly string[]
}

/**
 * Trust comes only from the verifier: from what was typed, else from git config of this user or this machine. Never from the
 * repository's own config or the work tree, where everybody who can push could put a key.
 */
export async function openTrust(caller: Caller, reader: OpenReader, options: TrustOptions): Promise<TrustedVerifiers> {
  const cautions: string[] = []
  const revoked = await revokedList(caller, reader, cautions)
  const typed = await typedTrust(caller, reader, options, cautions)
  const trust = typed ?? (await configuredTrust(caller, reader, cautions))
  if (trust.length === 0) return { verifiers: [], cautions }
  const host = { env: caller.env, scratch: await reader.privateDirectory(), revoked }
  const verifiers = await Promise.all(trust.map((one) => signerKindOf(one.mode).verifier(one, host)))
  return { verifiers, cautions }
}

/** Null where nothing was typed. */
async function typedTrust(
  caller: Caller,
  reader: OpenReader,
  options: TrustOptions,
  cautions: string[],
): Promise<TrustAnchor[] | null> {
  const { key, keyEnv, mode, trust, trustFrom } = options
  if (key.length + trust.length === 0 && keyEnv === undefined && trustFrom === undefined) return null
  const found: TrustAnchor[] = []
  for (const name of key) {
    const source = await keyFile(await outside(caller, reader, name))
    found.push(trustedKey({ ...source, origin: basename(source.origin) }, mode))
  }
  if (keyEnv !== undefined) found.push(trustedKey(keyVariable(caller, keyEnv), mode))
  const texts = await Promise.all(trust.map(async (name) => keyFile(await outside(caller, reader, name))))
  for (const { text, origin } of texts) found.push(...listed(text, basename(origin), cautions))
  const { history, rehashed } = reader.repository
  if (trustFrom !== undefined)
    found.push(...listed(await trustListOf({ history, objects: rehashed }, trustFrom), trustFrom, cautions))
  if (found.length === 0)
    throw new PpError('USAGE', `there is no key that can be read: ${cautions.join('; ') || 'the list is empty'}`)
  return found
}

function listed(text: string, origin: string, cautions: string[]): readonly TrustAnchor[] {
  const { trust, problems } = readTrustFile(text, origin)
  cautions.push(...problems)
  return trust
}

/** Git's own list of allowed signers, from global or system config. */
async function configuredTrust(
  caller: Caller,
  reader: OpenReader,
  cautions: string[],
): Promise<readonly TrustAnchor[]> {
  const file = await configured(caller, reader, 'gpg.ssh.allowedsignersfile', cautions)
  if (file === null) return []
  const { text } = await keyFile(file)
  return listed(text, basename(file), cautions)
}

/** The path of git's own list of revoked keys; it counts whatever else was typed. Throws USAGE if it cannot be read. */
async function revokedList(caller: Caller, reader: OpenReader, cautions: string[]): Promise<string | null> {
  const file = await configured(caller, reader, 'gpg.ssh.revocationfile', cautions)
  if (file === null) return null
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new PpError('USAGE', `the list of revoked keys cannot be read: ${cause.message}`, { cause })
  })
  revokedKeys(text, file)
  return file
}

async function configured(caller: Caller, reader: OpenReader, key: string, cautions: string[]): Promise<string | null> {
  const values = (await reader.repository.config(key)).get(key) ?? []
  const last = values.filter(({ scope }) => scope === 'global' || scope === 'system').at(-1)
  if (values.length > 0 && !last)
    cautions.push(
      `git config ${key} of the repository was ignored: only global or system git config can say whom to trust`,
    )
  if (!last) return null
  const path = last.value.startsWith('~/') ? join(caller.home, last.value.slice(2)) : last.value
  if (!isAbsolute(path)) {
    cautions.push(
      `git config ${key} was ignored: ${last.value} is a relative path, so a work tree could supply the file`,
    )
    return null
  }
  return outside(caller, reader, path)
}

/** The real path of a file that no branch can bring. Throws USAGE. */
async function outside(caller: Caller, { repository }: OpenReader, name: string): Promise<string> {
  const asked = resolve(caller.cwd, name)
  const file = await realpath(asked).catch((cause: unknown) => {
    throw new PpError('USAGE', `there is no file ${asked}`, { cause })
  })
  const { top, commonDir } = repository.place
  const inside = (dir: string) => file.startsWith(dir + sep)
  if (!inside(top) || inside(commonDir)) return file
  throw new PpError(
    'USAGE',
    `${asked} is inside the work tree that is verified, so whoever pushes to it could choose whom to trust`,
    {
      mend: `keep it elsewhere, or commit it as ${TRUST_PATH} on a branch that you control, and name that branch with --trust-from`,
    },
  )
}
