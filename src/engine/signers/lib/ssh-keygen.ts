import { spawn } from 'node:child_process'
import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import { PpError } from '../../model/error.ts'
import type { SignerHost } from '../../ports/signer.ts'

export interface Ran {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** What ssh-keygen may see: how to find programs, the agent, and how to ask for a passphrase. */
const NAMES = [
  'PATH',
  'HOME',
  'SSH_AUTH_SOCK',
  'SSH_ASKPASS',
  'SSH_ASKPASS_REQUIRE',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'TERM',
]
const LIMIT_MS = 120_000

/** Always the `ssh-keygen` of PATH: `gpg.ssh.program` can be set by a repository. Throws USAGE where there is none. */
export function sshKeygen(host: SignerHost, argv: readonly string[], input: Uint8Array | string = ''): Promise<Ran> {
  return run('ssh-keygen', host, argv, input)
}

/** A program of OpenSSH. Throws USAGE where there is none. */
export function run(
  program: 'ssh-keygen' | 'ssh-add',
  host: SignerHost,
  argv: readonly string[],
  input: Uint8Array | string = '',
): Promise<Ran> {
  const env = Object.fromEntries(
    NAMES.flatMap((name) => (host.env[name] === undefined ? [] : [[name, host.env[name]]])),
  )
  return new Promise((resolve, reject) => {
    const child = spawn(program, argv, { env: { ...env, LC_ALL: 'C' }, timeout: LIMIT_MS, cwd: host.scratch })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    child.on('error', (cause) =>
      reject(
        new PpError('USAGE', `${program} cannot be started: ${cause.message}; install OpenSSH 8.2 or newer`, { cause }),
      ),
    )
    child.on('close', (status) =>
      resolve({ status: status ?? -1, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }),
    )
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}

/** Lends a private directory with these files (0600), and takes it away again. */
export async function withFiles<T>(
  host: SignerHost,
  files: Readonly<Record<string, string>>,
  use: (path: (name: string) => string) => Promise<T>,
): Promise<T> {
  const dir = await fs.mkdtemp(join(host.scratch, 'ssh-'))
  const path = (name: string) => join(dir, name)
  try {
    for (const [name, text] of Object.entries(files)) await fs.writeFile(path(name), text, { mode: 0o600 })
    return await use(path)
  } finally {
    await fs.rm(dir, { recursive: true, force: true })
  }
}
