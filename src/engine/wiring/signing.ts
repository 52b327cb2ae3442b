import { readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { PpError } from '../model/error.ts'
import type { KeyMode } from '../model/kinds.generated.ts'
import { isBare } from '../model/kinds.ts'
import type { Caller } from '../model/options.ts'
import type { Policy } from '../model/policy.ts'
import type { KeyPlace, KeySource, SigningRequest } from '../model/trust.ts'
import type { Signer, SignerKind } from '../ports/signer.ts'
import { findSigner, signerApart, signers } from '../signers/index.ts'
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
  const typed = {
    file: options.keyFile,
    variable: options.keyFile === undefined ? (keyEnv ?? undefined) : options.keyEnv,
  }
  const place = await placeOfKey(caller, openRepo, signerKindOf(mode), typed)
  const request = { mode, place, scratch: openRepo.scratch }
  const signer = caller.program === undefined ? await signerAt(caller, request) : await signerApart(caller, request)
  return isBare(sandbox.backend) ? { signer: null, warning: BARE } : { signer, warning: null }
}

/** Throws USAGE. */
export async function openSigner(
  caller: Caller,
  openRepo: OpenRepository,
  mode: KeyMode,
  place: KeyLocation,
): Promise<Signer> {
  const found = await placeOfKey(caller, openRepo, signerKindOf(mode), place)
  return signerAt(caller, { mode, place: found, scratch: openRepo.scratch })
}

/** Reads the key, in this process. Throws USAGE. */
export async function signerAt(caller: Caller, { mode, place, scratch }: SigningRequest): Promise<Signer> {
  const key = await keyAt(caller, place)
  return signerKindOf(mode).signer(key, { env: caller.env, scratch })
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

async function placeOfKey(
  caller: Caller,
  openRepo: OpenRepository,
  kind: SignerKind,
  { file, variable }: KeyLocation,
): Promise<KeyPlace> {
  if (file !== undefined && variable !== undefined)
    throw new PpError('USAGE', '--key and --key-env both name a key; leave one of them out')
  if (file !== undefined) return { file: resolve(caller.cwd, file) }
  if (variable !== undefined) return { variable }
  const configured = kind.takesGitKey ? await signingKey(caller, openRepo) : null
  if (configured) return configured
  throw new PpError('USAGE', `signing with ${kind.kind} needs a key, but you named none`, {
    mend: kind.takesGitKey ? 'add --key FILE, or set git config user.signingKey' : 'add --key FILE or --key-env NAME',
  })
}

async function keyAt(caller: Caller, place: KeyPlace): Promise<KeySource> {
  if ('file' in place) return keyFile(place.file)
  if ('variable' in place) return keyVariable(caller, place.variable)
  return { text: place.line, origin: 'user.signingKey', file: null }
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

/** The key that git itself signs with, if it is an SSH key. A program cannot choose it by the settings of the repository. */
async function signingKey(caller: Caller, openRepo: OpenRepository): Promise<KeyPlace | null> {
  const all = (await openRepo.repository.config('user.signingkey')).get('user.signingkey') ?? []
  const ofUser = all.filter(({ scope }) => scope === 'global' || scope === 'system')
  const value = (caller.confined ? ofUser : all).at(-1)?.value
  if (!value) return null
  const literal = value.replace(/^key::/, '')
  if (/^(ssh-|ecdsa-|sk-)/.test(literal)) return { line: literal }
  return { file: value.startsWith('~/') ? join(caller.home, value.slice(2)) : resolve(caller.cwd, value) }
}
