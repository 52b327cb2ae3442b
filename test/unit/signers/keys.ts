import { execFile } from 'node:child_process'
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ExecutionContext } from 'ava'
import type { KeySource } from '../../../src/engine/model/trust.ts'
import type { SignerHost, VerifierHost } from '../../../src/engine/ports/signer.ts'

const exec = promisify(execFile)

export const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'))
/** An ed25519 pair as PEM, from its seed in hex (PKCS#8, RFC 8410). */
export function pemOf(seed: string): { readonly privateKey: string; readonly publicKey: string } {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.from(seed, 'hex')])
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  return {
    privateKey: String(key.export({ format: 'pem', type: 'pkcs8' })),
    publicKey: String(createPublicKey(key).export({ format: 'pem', type: 'spki' })),
  }
}

export const source = (text: string, file: string | null = null): KeySource => ({ text, origin: 'the key', file })

/** A private directory, and a host that knows nothing but it and PATH. */
export async function host(t: ExecutionContext): Promise<VerifierHost> {
  const scratch = await mkdtemp(join(tmpdir(), 'pp-sign-'))
  t.teardown(() => rm(scratch, { recursive: true, force: true }))
  return { scratch, env: { PATH: process.env['PATH'], HOME: scratch }, revoked: null }
}

/** A fresh SSH key in the scratch directory; its private file and its public line. */
export async function sshKey({ scratch }: SignerHost, kind: string, passphrase = '', name = kind) {
  const file = join(scratch, name)
  await exec('ssh-keygen', ['-q', '-t', kind, '-N', passphrase, '-C', 'test', '-f', file])
  await chmod(file, 0o600)
  return { file, text: await readFile(file, 'utf8'), line: (await readFile(`${file}.pub`, 'utf8')).trim() }
}

export async function openssl(...args: string[]): Promise<string> {
  return (await exec('openssl', args)).stdout
}

export async function put({ scratch }: SignerHost, name: string, content: string | Uint8Array): Promise<string> {
  const file = join(scratch, name)
  await writeFile(file, content)
  return file
}
