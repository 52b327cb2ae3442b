import { execFile } from 'node:child_process'
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const exec = promisify(execFile)

/** A certificate by the key of file `authority` for the key of a line. `more`: options of ssh-keygen. */
export async function certify(
  dir: string,
  authority: string,
  line: string,
  more: readonly string[] = [],
): Promise<string> {
  const file = join(dir, `certified-${authority}`)
  await writeFile(`${file}.pub`, `${line}\n`)
  const names = ['-I', 'id', '-n', 'a', '-V', 'always:forever']
  await exec('ssh-keygen', ['-q', '-s', join(dir, authority), ...names, ...more, `${file}.pub`])
  return (await readFile(`${file}-cert.pub`, 'utf8')).trim()
}

async function made(dir: string, name: string, kind: string, bits?: string): Promise<string> {
  const file = join(dir, name)
  await rm(file, { force: true })
  await exec('ssh-keygen', ['-q', '-t', kind, ...(bits ? ['-b', bits] : []), '-N', '', '-C', 'x', '-f', file])
  return (await readFile(`${file}.pub`, 'utf8')).trim()
}

export interface WireRow {
  readonly what: string
  readonly line: string
  /** What comes of a signature of the key in question if this line is the list of revoked keys. */
  readonly then: 'believed' | 'revoked' | 'unreadable'
}

const bytesOf = (line: string) => Buffer.from(line.split(' ')[1] ?? '', 'base64')
const written = (kind: string, bytes: Uint8Array) => `${kind} ${Buffer.from(bytes).toString('base64')}`
const string = (value: string | Uint8Array) => {
  const [bytes, length] = [Buffer.from(value as string), Buffer.alloc(4)]
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}
const wire = (...parts: readonly (string | Uint8Array)[]) => Buffer.concat(parts.map(string))

/** The same line with one bit of a byte turned; a place below 0 counts from the end. */
function flipped(line: string, at: number): string {
  const bytes = bytesOf(line)
  const place = at < 0 ? bytes.length + at : at
  bytes[place] = (bytes[place] ?? 0) ^ 1
  return written(line.split(' ')[0] ?? '', bytes)
}

/** Keys and certificates as lines, well and badly formed. `own`: the ed25519 key that signs, in base64. */
export async function keysInWireForm(dir: string, own: string): Promise<readonly WireRow[]> {
  const key = `ssh-ed25519 ${own}`
  const point = bytesOf(key).subarray(-32)
  const rsa = await made(dir, 'wire-rsa', 'rsa')
  const ec = await made(dir, 'wire-ec', 'ecdsa')
  const authorities = { 'wire-rsa': rsa, 'wire-ec': ec, 'wire-521': await made(dir, 'wire-521', 'ecdsa', '521') }
  await made(dir, 'wire-ca', 'ed25519')
  await copyFile(join(dir, 'wire-ca'), join(dir, 'wire-host'))
  const cert = await certify(dir, 'wire-ca', key)
  const [certKind = '', certBytes = ''] = cert.split(' ')
  const rows: WireRow[] = []
  const add = (then: WireRow['then'], lines: Readonly<Record<string, string>>) => {
    for (const [what, line] of Object.entries(lines)) rows.push({ what: `${then}: ${what}`, line, then })
  }
  add('revoked', {
    'the key': key,
    'a certificate of it': cert,
    'a host certificate of it': await certify(dir, 'wire-host', key, ['-h']),
    'a certificate with SHA-1': await certify(dir, 'wire-rsa', key, ['-t', 'ssh-rsa']),
    'a certificate with SHA-256': await certify(dir, 'wire-rsa', key, ['-t', 'rsa-sha2-256']),
    'a short name in the bytes': written('ssh-ed25519', wire('ED25519', point)),
    'a short name in small letters': written('ssh-ed25519', wire('ed25519', point)),
    'white space in the base64': `ssh-ed25519 ${own.slice(0, 12)}\v${own.slice(12)}\f`,
    'a carriage return in the base64': `ssh-ed25519 \r${own}`,
  })
  for (const [name, line] of Object.entries(authorities)) {
    const by = await certify(dir, name, key)
    add('revoked', { [`a certificate by ${name}`]: by })
    add('unreadable', Object.fromEntries([-1, -5, -40].map((at) => [`${name}, byte ${at} turned`, flipped(by, at)])))
    add('believed', { [`the key ${name}`]: line })
  }
  add('unreadable', {
    ...Object.fromEntries(
      [4, 20, 60, 100, 130, 160, 200, 240, 280, -10, -80].map((at) => [`certificate, byte ${at}`, flipped(cert, at)]),
    ),
    'a certificate with a byte behind it': written(certKind, Buffer.concat([bytesOf(cert), Buffer.alloc(1)])),
    'half a certificate': written(certKind, bytesOf(cert).subarray(0, 90)),
    'a certificate under the name of a key': `ssh-ed25519 ${certBytes}`,
    'a key under the name of a certificate': `${certKind} ${own}`,
  })
  add('unreadable', {
    '31 bytes': written('ssh-ed25519', wire('ssh-ed25519', Buffer.alloc(31))),
    '33 bytes': written('ssh-ed25519', wire('ssh-ed25519', Buffer.alloc(33))),
    'another kind in the bytes': written('ssh-ed25519', wire('ssh-rsa', point)),
    'no-break space': `ssh-ed25519 ${own}\u00a0`,
    'an unknown kind': `ssh-xmss@openssh.com ${own}`,
    'too much padding': `ssh-ed25519 ${own}====`,
    'rsa, negative': written('ssh-rsa', wire('ssh-rsa', Buffer.from([1, 0, 1]), Buffer.alloc(256, 0xff))),
    'rsa under a name that is none': `rsa-sha2-1 ${rsa.split(' ')[1]}`,
    'rsa under the name of ed25519': `rsa-sha2-256 ${own}`,
    'another curve': `ecdsa-sha2-nistp384 ${ec.split(' ')[1]}`,
    'a point beside the curve': written(
      'ecdsa-sha2-nistp256',
      wire('ecdsa-sha2-nistp256', 'nistp256', Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 1)])),
    ),
    'a name of a curve that is another': written(
      'ecdsa-sha2-nistp256',
      wire('ecdsa-sha2-nistp256', 'nistp384', bytesOf(ec).subarray(-65)),
    ),
    'a security token without its address': written('sk-ssh-ed25519@openssh.com', wire('sk-ssh-ed25519', point)),
    'a security token with a short key': written(
      'sk-ssh-ed25519@openssh.com',
      wire('sk-ssh-ed25519@openssh.com', point.subarray(1), 'ssh:'),
    ),
  })
  const token = 'sk-ecdsa-sha2-nistp256@openssh.com'
  add('believed', {
    'rsa under the name of a signature': `rsa-sha2-256 ${rsa.split(' ')[1]}`,
    'rsa under the name of another signature': `rsa-sha2-512 ${rsa.split(' ')[1]}`,
    'a certificate of an rsa key': await certify(dir, 'wire-ca', rsa),
    'a certificate of an ecdsa key': await certify(dir, 'wire-ca', ec),
    'another ed25519 key': written('ssh-ed25519', wire('ssh-ed25519', Buffer.alloc(32))),
    'an ed25519 key on a token': written('sk-ssh-ed25519@openssh.com', wire('sk-ssh-ed25519@openssh.com', point, '')),
    'an ecdsa key on a token': written(token, wire(token, 'nistp256', bytesOf(ec).subarray(-65), 'ssh:')),
    'an ecdsa key in a browser': written(
      `webauthn-${token}`,
      wire(token, 'nistp256', bytesOf(ec).subarray(-65), 'ssh:'),
    ),
  })
  return rows
}
