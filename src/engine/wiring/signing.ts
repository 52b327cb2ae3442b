import { readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { lastValueOf } from '../git/index.ts'
import { PpError } from '../model/error.ts'
import type { KeyMode } from '../model/kinds.generated.ts'
import { isBare } from '../model/kinds.ts'
import type { Caller } from '../model/options.ts'
import type { Policy } from '../model/policy.ts'
import type { KeySource } from '../model/trust.ts'
import type { Signer, SignerKind } from '../ports/signer.ts'
import { findSigner, signers } from '../signers/index.ts'
import type { OpenRepository } from './repository.ts'

/** In bytes; a key is small. */
const KEY_LIMIT = 64 * 1024

/** Where a key is, as it was typed. */
export interface KeyLocation {
  readonly file: string | undefined
  readonly variable: string | undefined
}

/** For a session that may have to sign: a signer, or why there is none. */
export interface SessionSigning {
  readonly signer: Signer | null
  readonly warning: string | null
}

const BARE =
  'the proof is not signed, because without a sandbox the command could have read the key; sign it now with git pp attest'

/**
 * The signer that policy and options ask for. It is opened before anything runs: throws USAGE if the key is missing or not
 * usable.
 */
export async function openSigning(
  caller: Caller,
  openRepo: OpenRepository,
  { attestation, sandbox }: Policy,
  options: { readonly keyFile?: string; readonly keyEnv?: string },
): Promise<SessionSigning> {
  const { enabled, mode, keyEnv } = attestation
  if (!enabled || mode === 'none') {
    if (options.keyFile === undefined && options.keyEnv === undefined) return { signer: null, warning: null }
    throw new PpError('USAGE', 'you gave a key, but nothing is to be signed; add --sign MODE')
  }
  const place = {
    file: options.keyFile,
    variable: options.keyFile === undefined ? (keyEnv ?? undefined) : options.keyEnv,
  }
  const signer = await openSigner(caller, openRepo, mode, place)
  return isBare(sandbox.backend) ? { signer: null, warning: BARE } : { signer, warning: null }
}

/** Throws USAGE. */
export async function openSigner(
  caller: Caller,
  openRepo: OpenRepository,
  mode: KeyMode,
  place: KeyLocation,
): Promise<Signer> {
  const kind = signerKindOf(mode)
  const key = await keySource(caller, openRepo, kind, place)
  return kind.signer(key, { env: caller.env, scratch: openRepo.scratch })
}

export function signerKindOf(mode: KeyMode): SignerKind {
  const kind = findSigner(mode)
  if (kind) return kind
  const known = signers.map((one) => one.kind).sort()
  throw new PpError('USAGE', `there is no way to sign called ${mode}; known: ${known.join(', ')}`)
}

/** The environment without the variable that holds the key: no child of ours gets it, whatever the policy allows. */
export function withoutKeyVariable(env: Caller['env'], { attestation }: Pick<Policy, 'attestation'>): Caller['env'] {
  return attestation.keyEnv === null ? env : { ...env, [attestation.keyEnv]: undefined }
}

async function keySource(
  caller: Caller,
  openRepo: OpenRepository,
  kind: SignerKind,
  place: KeyLocation,
): Promise<KeySource> {
  const { file, variable } = place
  if (file !== undefined && variable !== undefined)
    throw new PpError('USAGE', '--key and --key-env both name a key; leave one of them out')
  if (file !== undefined) return keyFile(resolve(caller.cwd, file))
  if (variable !== undefined) return keyVariable(caller, variable)
  const configured = kind.takesGitKey ? await signingKey(caller, openRepo) : null
  if (configured) return configured
  throw new PpError('USAGE', `signing with ${kind.kind} needs a key, but you named none`, {
    mend: kind.takesGitKey ? 'add --key FILE, or set git config user.signingKey' : 'add --key FILE or --key-env NAME',
  })
}

/** Reads a key from a file; accepts only small regular files. */
export async function keyFile(path: string): Promise<KeySource> {
  const unreadable = (cause: unknown): never => {
    const why = cause instanceof Error && 'code' in cause ? cause.code : 'no file'
    throw new PpError('USAGE', `cannot read the key ${path}: ${why}`, { cause })
  }
  const facts = await stat(path).catch(unreadable)
  if (!facts.isFile() || facts.size > KEY_LIMIT)
    throw new PpError('USAGE', `${path} is not a key, because it is not a small file`)
  return { text: await readFile(path, 'utf8').catch(unreadable), origin: path, file: path }
}

/** Reads a key from a variable. */
export function keyVariable(caller: Caller, name: string): KeySource {
  const text = caller.env[name]
  if (text) return { text, origin: name, file: null }
  throw new PpError('USAGE', `the environment variable ${name}, which should hold the key, is not set`)
}

/** The key that git itself signs with, if it is an SSH key. */
async function signingKey(caller: Caller, openRepo: OpenRepository): Promise<KeySource | null> {
  const value = lastValueOf(await openRepo.repository.config('user.signingkey'), 'user.signingkey')
  if (!value) return null
  const literal = value.replace(/^key::/, '')
  if (/^(ssh-|ecdsa-|sk-)/.test(literal)) return { text: literal, origin: 'user.signingKey', file: null }
  return keyFile(value.startsWith('~/') ? join(caller.home, value.slice(2)) : resolve(caller.cwd, value))
}
