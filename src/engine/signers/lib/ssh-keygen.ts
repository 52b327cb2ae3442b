import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import { PpError } from '../../model/error.ts'
import { howEnded, runProgram } from '../../platform/index.ts'
import type { SignerHost } from '../../ports/signer.ts'

export interface OpenSshResult {
  /** Null: it did not come to its end. */
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/**
 * The variables that ssh-keygen gets: how to find programs, the agent, how to ask for a passphrase, and the time zone of dates
 * in lists of signers.
 */
const NAMES = [
  'PATH',
  'HOME',
  'SSH_AUTH_SOCK',
  'SSH_ASKPASS',
  'SSH_ASKPASS_REQUIRE',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'TERM',
  'TZ',
]
const LIMIT_MS = 120_000

/** Always uses the `ssh-keygen` on PATH, because a repository can set `gpg.ssh.program`. Throws USAGE if there is none. */
export function sshKeygen(
  host: SignerHost,
  argv: readonly string[],
  input: Uint8Array | string = '',
): Promise<OpenSshResult> {
  return runOpenSsh('ssh-keygen', host, argv, input)
}

/** Runs a program of OpenSSH. Throws USAGE if it does not exist. */
export async function runOpenSsh(
  program: 'ssh-keygen' | 'ssh-add',
  host: SignerHost,
  argv: readonly string[],
  input: Uint8Array | string = '',
): Promise<OpenSshResult> {
  const given = Object.fromEntries(
    NAMES.flatMap((name) => (host.env[name] === undefined ? [] : [[name, host.env[name]]])),
  )
  const env = { ...given, LC_ALL: 'C' }
  // In our process group, because only there it can ask for a passphrase on the terminal.
  const asked = { program, args: argv, env, cwd: host.scratch, input, timeoutMs: LIMIT_MS, inOurGroup: true }
  const end = await runProgram(asked)
  if (end.how === 'not-started') {
    const { cause } = end
    throw new PpError('USAGE', `${program} cannot be started: ${cause.message}; install OpenSSH 8.2 or newer`, {
      cause,
    })
  }
  if (end.how === 'exited') return { status: end.code, stdout: end.stdout.toString(), stderr: end.stderr }
  return { status: null, stdout: '', stderr: `it ${howEnded(end)}` }
}

/** Makes a private directory with these files (0600) for `use`, and removes it afterwards. */
export async function withKeyFiles<T>(
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
