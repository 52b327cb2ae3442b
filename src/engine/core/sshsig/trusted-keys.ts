import { PpError } from '../../model/error.ts'
import type { KeyMode, KeySource, Trust } from '../../model/trust.ts'
import { keyidOf, publicKeyOf, readKey, secretOf, wrong } from '../keys/index.ts'
import { signerLine } from './signer-line.ts'
import { NAMESPACE } from './sshsig.ts'

/** Whom a key that the verifier named stands for. Bare bytes could be a public key or a shared secret: `mode` has to say which. Throws USAGE. */
export function trustedKey(key: KeySource, mode: KeyMode | undefined): Trust {
  const read = readKey(key.text)
  if (read.is === 'ssh-public' && mode !== 'ed25519' && mode !== 'hmac-sha256')
    return { mode: 'ssh', name: key.origin, revoked: null, allowedSigners: allowedSigner(key.origin, read.line) }
  const known = mode ?? (read.is === 'public' ? 'ed25519' : undefined)
  switch (known) {
    case 'hmac-sha256':
      return { mode: known, name: key.origin, secret: secretOf(key) }
    case 'ed25519':
      return { mode: known, name: key.origin, publicKey: publicKeyOf(key) }
    case 'ssh':
      throw wrong(key.origin, 'an SSH public key', read)
    case undefined:
      throw read.is === 'bytes' ? undecided(key.origin) : wrong(key.origin, 'a public key (PEM or OpenSSH)', read)
  }
}

function undecided(origin: string): PpError {
  return new PpError('USAGE', `${origin} holds plain bytes, which may be a public key or a shared secret`, {
    mend: 'say which: --mode ed25519 or --mode hmac-sha256',
  })
}

/** A name of an allowed signer is a list of patterns; only a plain word is taken as it is. */
function allowedSigner(name: string, line: string): string {
  return `${name.replace(/[^\w@./+-]/g, '_')} namespaces="${NAMESPACE}" ${line}\n`
}

/** What a file of trusted keys says; one bad entry takes nothing from the others. */
export interface TrustFile {
  readonly trust: readonly Trust[]
  /** What could not be read, one sentence each. */
  readonly problems: readonly string[]
}

/** PEM blocks are ed25519 keys; every other line is an allowed signer (ssh-keygen(1), ALLOWED SIGNERS). */
export function readTrustFile(text: string, origin: string): TrustFile {
  const problems: string[] = []
  const blocks = text.match(PEM) ?? []
  const keys = blocks.flatMap((block, at): Trust[] => {
    try {
      const publicKey = publicKeyOf({ text: block, origin: `key ${at + 1} of ${origin}`, file: null })
      return [{ mode: 'ed25519', name: `${origin}#${keyidOf(publicKey).slice(0, 12)}`, publicKey }]
    } catch (error) {
      problems.push(error instanceof PpError ? error.message : String(error))
      return []
    }
  })
  const lines = text
    .replace(PEM, '')
    .split('\n')
    .map((line) => line.trim())
  const entries = lines.filter((line) => line !== '' && !line.startsWith('#'))
  const signers = entries.filter((line) => signerLine(line) !== null)
  const strange = entries.length - signers.length
  if (strange > 0) problems.push(`${origin} has ${strange} lines that are neither PEM keys nor allowed signers`)
  if (signers.length === 0) return { trust: keys, problems }
  return {
    trust: [...keys, { mode: 'ssh', name: origin, revoked: null, allowedSigners: `${signers.join('\n')}\n` }],
    problems,
  }
}

const PEM = /-----BEGIN ([A-Z ]+)-----[\s\S]*?-----END \1-----/g
