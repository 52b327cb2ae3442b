import { PpError } from '../../model/error.ts'
import type { KeyMode } from '../../model/kinds.generated.ts'
import { either, KEY_TYPES, MODES_OF_BARE_KEYS, modeOfKeyType } from '../../model/kinds.ts'
import type { KeySource, TrustAnchor } from '../../model/trust.ts'
import { publicKeyType, readKey, wrongKeyMessage } from '../keys/index.ts'
import { signerLine } from './signer-line.ts'
import { NAMESPACE } from './sshsig.ts'

/**
 * The trust that a key named by the verifier gives. Bare bytes could be a key of several modes, so `mode` has to name one.
 * Throws USAGE.
 */
export function trustedKey({ text, origin }: KeySource, mode: KeyMode | undefined): TrustAnchor {
  const read = readKey(text)
  if (read.is === 'ssh-public' && (mode === undefined || mode === 'ssh'))
    return { mode: 'ssh', name: origin, text: allowedSigner(origin, read.line) }
  if (mode === 'ssh') throw wrongKeyMessage(origin, 'an SSH public key', read)
  if (mode !== undefined) return { mode, name: origin, text }
  const told = toldMode(read)
  if (told !== null) return { mode: told.mode, name: origin, text }
  throw read.is === 'bytes' ? undecided(origin) : wrongKeyMessage(origin, 'a public key (PEM or OpenSSH)', read)
}

/** The mode of a public key in PEM, and its id; null for anything else. */
function toldMode(key: ReturnType<typeof readKey>): { readonly mode: KeyMode; readonly keyid: string } | null {
  const read = publicKeyType(key)
  const mode = read && modeOfKeyType(read.type)
  return read && mode ? { mode, keyid: read.keyid } : null
}

function undecided(origin: string): PpError {
  return new PpError('USAGE', `${origin} holds plain bytes, which may be a public key or a shared secret`, {
    mend: `say which: ${either(MODES_OF_BARE_KEYS.map((mode) => `--mode ${mode}`))}`,
  })
}

/** The name of an allowed signer is a list of patterns, so characters other than those of a plain word are replaced. */
function allowedSigner(name: string, line: string): string {
  return `${name.replace(/[^\w@./+-]/g, '_')} namespaces="${NAMESPACE}" ${line}\n`
}

/** The content of a file of trusted keys; a bad entry does not affect the others. */
export interface TrustFile {
  readonly trust: readonly TrustAnchor[]
  /** What could not be read, one sentence each. */
  readonly problems: readonly string[]
}

/**
 * Reads PEM blocks as public keys, of the types that signature modes declare, and every other line as an allowed signer
 * (ssh-keygen(1), ALLOWED SIGNERS).
 */
export function readTrustFile(text: string, origin: string): TrustFile {
  const problems: string[] = []
  const blocks = text.match(PEM) ?? []
  const keys = blocks.flatMap((block, at): TrustAnchor[] => {
    const read = readKey(block)
    const told = toldMode(read)
    if (told !== null) return [{ mode: told.mode, name: `${origin}#${told.keyid.slice(0, 12)}`, text: block }]
    const wanted = `a public key in PEM, of type ${either(KEY_TYPES)}`
    problems.push(wrongKeyMessage(`key ${at + 1} of ${origin}`, wanted, read).message)
    return []
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
    trust: [...keys, { mode: 'ssh', name: origin, text: `${signers.join('\n')}\n` }],
    problems,
  }
}

const PEM = /-----BEGIN ([A-Z ]+)-----[\s\S]*?-----END \1-----/g
