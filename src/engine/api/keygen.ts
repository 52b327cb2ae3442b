import { generateKeyPairSync } from 'node:crypto'
import { lstat, realpath, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { ed25519KeyId, ed25519PublicKey } from '../core/keys/index.ts'
import { PpError } from '../model/error.ts'
import type { Caller } from '../model/options.ts'

/** A new key pair: absolute paths and the id of the key. */
export interface KeyPair {
  readonly file: string
  readonly publicFile: string
  readonly keyid: string
}

/**
 * Makes a new ed25519 pair: FILE (PKCS#8 PEM, 0600) and FILE.pub (SPKI PEM). Never overwrites a file, and never writes into a
 * work tree, where the key could be committed.
 */
export async function keygen(caller: Caller, name: string): Promise<KeyPair> {
  const asked = resolve(caller.cwd, name)
  const dir = await realpath(dirname(asked)).catch((cause: unknown) => {
    throw new PpError('USAGE', `the directory ${dirname(asked)} does not exist`, { cause })
  })
  const top = (await workTreeOf(dir)) ?? (await namedTree(caller, dir))
  if (top !== null)
    throw new PpError('USAGE', `${asked} is inside the work tree ${top}, where the key could be committed by mistake`, {
      mend: 'git pp keygen ~/.config/git-pp/key',
    })
  const file = join(dir, basename(asked))
  const publicFile = `${file}.pub`
  const { privateKey, publicKey } = generateKeyPairSync('ed25519', {
    privateKeyEncoding: { format: 'pem', type: 'pkcs8' },
    publicKeyEncoding: { format: 'pem', type: 'spki' },
  })
  if (await lstat(publicFile).catch(() => null)) throw thereAlready(publicFile)
  await write(file, privateKey, 0o600)
  await write(publicFile, publicKey, 0o644)
  return {
    file,
    publicFile,
    keyid: ed25519KeyId(ed25519PublicKey({ text: publicKey, origin: publicFile, file: publicFile })),
  }
}

/** The nearest directory upwards that is a work tree or a repository; null when there is none. */
async function workTreeOf(start: string): Promise<string | null> {
  for (let dir = start; ; dir = dirname(dir)) {
    if (await lstat(join(dir, '.git')).catch(() => null)) return dir
    if (dirname(dir) === dir) return null
  }
}

/** The work tree that the caller's environment names, if `dir` is in it; its git directory may be elsewhere. */
async function namedTree({ env, cwd }: Caller, dir: string): Promise<string | null> {
  const named = env['GIT_WORK_TREE'] ?? (env['GIT_DIR'] === undefined ? undefined : '.')
  const top = named === undefined ? null : await realpath(resolve(cwd, named)).catch(() => null)
  return top !== null && (dir === top || dir.startsWith(top + sep)) ? top : null
}

async function write(file: string, text: string, mode: number): Promise<void> {
  await writeFile(file, text, { flag: 'wx', mode }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EEXIST') throw thereAlready(file)
    throw new PpError('DISK_FAILED', `cannot write ${file}: ${cause.message}`, { cause })
  })
}

function thereAlready(file: string): PpError {
  return new PpError('USAGE', `${file} exists already, and a key is never overwritten; name another file`)
}
