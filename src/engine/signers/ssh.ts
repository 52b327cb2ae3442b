import { stat } from 'node:fs/promises'
import { readKey, wrongKeyMessage } from '../core/keys/index.ts'
import {
  armourSignature,
  fingerprintOf,
  keyIdOfSshKey,
  allowedSigners as listed,
  MOST_NAMES,
  NAMESPACE,
  publicKeyOf,
  readArmour,
  whyNotNow,
  wireKeyOf,
} from '../core/sshsig/index.ts'
import { PpError } from '../model/error.ts'
import type { KeySource } from '../model/trust.ts'
import type { SignerHost, SignerKind } from '../ports/signer.ts'
import { runOpenSsh, sshKeygen, withKeyFiles } from './lib/ssh-keygen.ts'

/** The user's own SSH key, through ssh-keygen: a file, or an agent that has the private half of a .pub. */
const ssh: SignerKind = {
  kind: 'ssh',
  offered: 3,
  keyTells: 'always',
  keyType: null,
  signatureBytes: null,
  takesGitKey: true,
  async signer(key, host) {
    const wire = wireKeyOf(await publicLine(key, host))
    if (!wire) throw new PpError('USAGE', `${key.origin} does not hold an SSH key`)
    return {
      mode: 'ssh',
      keyid: keyIdOfSshKey(wire),
      fingerprint: fingerprintOf(wire),
      sign: (message) =>
        withKeyFile(key, host, async (file) => {
          const ran = await sshKeygen(host, ['-Y', 'sign', '-q', '-n', NAMESPACE, '-f', file], message)
          const blob = readArmour(ran.stdout)
          if (ran.status === 0 && blob) return blob
          throw new PpError('USAGE', `ssh-keygen did not sign with ${key.origin}: ${words(ran.stderr)}`)
        }),
    }
  },
  async verifier({ text: allowedSigners }, host) {
    const { revoked } = host
    return {
      async check(message, signature) {
        const wire = publicKeyOf(signature)
        if (!wire) return null
        return withKeyFiles(host, { allowed: allowedSigners, sig: armourSignature(signature) }, async (path) => {
          const files = ['-f', path('allowed'), '-s', path('sig')]
          const found = await sshKeygen(host, ['-Y', 'find-principals', ...files])
          // find-principals ignores namespaces and revocation, so only `verify` decides. The time is now, because a proof
          // must not choose its own.
          for (const name of found.stdout.split('\n').filter(Boolean).slice(0, MOST_NAMES)) {
            const list = revoked === null ? [] : ['-r', revoked]
            const argv = ['-Y', 'verify', ...files, ...list, '-n', NAMESPACE, '-I', name]
            if ((await sshKeygen(host, argv, message)).status === 0)
              return { mode: 'ssh', key: keyIdOfSshKey(wire), fingerprint: fingerprintOf(wire), name }
          }
          return null
        })
      },
      whyNot(signature, now) {
        const wire = publicKeyOf(signature)
        return wire && whyNotNow(listed(allowedSigners), wire, now)
      },
    }
  },
}
export default ssh

/** The public half as a line. It is read before anything runs, so that a key that cannot sign is not noticed only at the end. */
async function publicLine(key: KeySource, host: SignerHost): Promise<string> {
  const read = readKey(key.text)
  if (read.is === 'ssh-public') {
    if ((await liesBeside(key)) || (await agentHas(read.line, host))) return read.line
    throw new PpError(
      'USAGE',
      `${key.origin} is a public key, but its private key is neither in your ssh-agent nor in a file beside it`,
      {
        mend: 'add the private key with ssh-add, or name its file',
      },
    )
  }
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(key.text))
    throw wrongKeyMessage(
      key.origin,
      'an SSH key (a private key file, or a .pub file whose private key is in your ssh-agent)',
      read,
    )
  return withKeyFile(key, host, async (file) => {
    const ran = await sshKeygen(host, ['-y', '-P', '', '-f', file])
    if (ran.status === 0) return ran.stdout
    const mend = 'if the key has a passphrase, add it with ssh-add, and name its .pub file instead'
    throw new PpError('USAGE', `ssh-keygen cannot use ${key.origin}: ${words(ran.stderr)}`, { mend })
  })
}

/** Whether the private file is next to the .pub file: ssh-keygen uses the file with the same name without `.pub`. */
async function liesBeside({ file }: KeySource): Promise<boolean> {
  return file?.endsWith('.pub') === true && ((await stat(file.slice(0, -4)).catch(() => null))?.isFile() ?? false)
}

/** Asks the agent for its list and not for a signature, so that nobody has to touch or confirm anything. */
async function agentHas(line: string, host: SignerHost): Promise<boolean> {
  const wanted = line.trim().split(/\s+/)[1]
  const { stdout } = await runOpenSsh('ssh-add', host, ['-L'])
  return stdout.split('\n').some((known) => known.split(' ')[1] === wanted)
}

function withKeyFile<T>(key: KeySource, host: SignerHost, use: (file: string) => Promise<T>): Promise<T> {
  if (key.file !== null) return use(key.file)
  return withKeyFiles(host, { key: `${key.text.trim()}\n` }, (path) => use(path('key')))
}

function words(stderr: string): string {
  return stderr.split('\n').find((line) => line.trim() !== '' && !/^@+/.test(line)) ?? 'it printed nothing'
}
