import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import test, { type ExecutionContext } from 'ava'
import { verifierOf } from '../../../src/engine/portable/verifiers.ts'
import ssh from '../../../src/engine/signers/ssh.ts'
import { where } from '../../helpers/needs.ts'
import { REVOCATIONS } from '../../helpers/revocation-lines.ts'
import { sampled } from '../../helpers/sample.ts'
import { BELIEVED, REFUSED } from '../../helpers/signer-lines.ts'
import { FROM, NOT_FROM, NOT_UNTIL, UNTIL } from '../../helpers/signer-times.ts'
import { certify, keysInWireForm } from '../../helpers/ssh-wire.ts'
import { host, put, source, sshKey } from '../../unit/signers/keys.ts'

const exec = promisify(execFile)
const { stderr: version } = await exec('ssh', ['-V'])
const [, major = 0, minor = 0] = (/OpenSSH_(\d+)\.(\d+)/.exec(version) ?? []).map(Number)
/** The tables were tried with this version; older ones do not know all forms of times. */
const table = where(major > 9 || (major === 9 && minor >= 2), 'this OpenSSH is older than 9.2')
const MESSAGE = Buffer.from('what is signed')
const list = (text: string) => ({ mode: 'ssh', name: 'list', text }) as const

/** Lines of allowed signers around a key, and whether ssh-keygen believes who signed with it. `bytes`: the key without its kind. */
const SIGNERS: readonly (readonly [believed: boolean, make: (key: string, bytes: string) => string])[] = [
  [true, (key) => `a ${key}`],
  [true, (key) => `a\t${key}\r`],
  [true, (key) => `a CERT-authority,namespaces="git" ${key}\na Namespaces="git-pp-proof" ${key}`],
  [true, (key) => `a ,namespaces="git-pp-proof" ${key}`],
  [true, (key) => `a namespaces="git-pp-proof",,valid-before="20991231" ${key}`],
  [true, (key) => `a valid-before="20990230" ${key}`],
  [true, (key) => `a valid-before="209912312359Z" ${key}`],
  [true, (key) => `"a b" ${key}`],
  [true, (key) => `a"b"${key}`],
  [true, (key) => `a ${key} namespaces="git"`],
  [true, (key) => `a valid-before="20200101" ${key}\nb ${key}`],
  [false, (_, bytes) => `a ssh-rsa ${bytes}`],
  [false, (_, bytes) => `a ssh-ed25519-cert-v01@openssh.com ${bytes}`],
  [false, (_, bytes) => `a SSH-ED25519 ${bytes}`],
  [false, (_, bytes) => `a ssh-ed25519 ${bytes.slice(0, -4)}`],
  [false, (_, bytes) => `a ssh-ed25519 ${bytes}AAAA`],
  [false, (key) => `a valid-before="20991301" ${key}`],
  [false, (key) => `a valid-before="20991232" ${key}`],
  [false, (key) => `a valid-before="209912312460" ${key}`],
  [false, (key) => `a valid-before="2099123123596" ${key}`],
  [false, (key) => `a valid-before="2099" ${key}`],
  [false, (key) => `a valid-after="19690101" ${key}`],
  [false, (key) => `a valid-after="19700101Z" ${key}`],
  [false, (key) => `a valid-after="20210101",valid-before="20200101" ${key}`],
  [false, (key) => `a valid-before=20991231 ${key}`],
  [false, (key) => `a valid-before ${key}`],
  [false, (key) => `a valid-before="20991231 ${key}`],
  [false, (key) => `a valid_before="20991231" ${key}`],
  [false, (key) => `a namespaces="git",namespaces="git-pp-proof" ${key}`],
  [false, (key) => `a namespaces="git-pp-proof",namespaces="git-pp-proof" ${key}`],
  [false, (key) => `a valid-after="20980101",valid-after="20200101" ${key}`],
  [false, (key) => `a namespaces="" ${key}`],
  [false, (key) => `a namespaces="git-pp-proof", ${key}`],
  [false, (key) => `a namespace="git-pp-proof" ${key}`],
  [false, (key) => `a namespaces="git-pp-proof"x ${key}`],
  [false, (key) => `a namespaces="git-pp-proof";valid-before="20991231" ${key}`],
  [false, (key) => `a no-cert-authority ${key}`],
  [false, (key) => `a cert-authority="yes" ${key}`],
  [false, (key) => `a namespaces="git-pp-proof" valid-before="20991231" ${key}`],
  [false, (key) => `a, b ${key}`],
  [false, (key) => key],
  [false, (key) => `"a ${key}`],
  [false, (key) => `#a ${key}`],
  [false, (key) => `  # a ${key}`],
]

/** Lists of revoked keys, and what comes of who signed with the key: ssh-keygen believes nobody where it cannot read a line. */
const REVOKED: readonly (readonly [
  then: 'believed' | 'revoked' | 'unreadable',
  make: (key: string, bytes: string) => string,
])[] = [
  ['believed', () => ''],
  ['believed', () => '# nobody\n\n \t\n'],
  ['revoked', (key) => key],
  ['revoked', (key) => `# gone\n\t${key} a comment\r\n`],
  ['unreadable', (key) => `alice ${key}`],
  ['unreadable', (key) => `cert-authority ${key}`],
  ['unreadable', (key) => `from="x" ${key}`],
  ['unreadable', (_, bytes) => `ssh-ed25519 ${bytes.slice(0, -3)}`],
  ['unreadable', (_, bytes) => bytes],
  ['unreadable', (_, bytes) => `ssh-rsa ${bytes}`],
  ['unreadable', (_, bytes) => `ssh-ed25519\n${bytes}`],
  ['unreadable', () => 'sha256:AAAA'],
  ['unreadable', () => '\r\n'],
]

test('ssh-keygen and the portable verifier think the same of every line of signers', async (t) => {
  const { own, line, bytes, signature } = await signed(t)
  for (const [believed, make] of SIGNERS) {
    const text = `${make(line, bytes)}\n`
    const trust = list(text)
    const [theirs, ours] = [await ssh.verifier(trust, own), await verifierOf(trust, { now: new Date(), revoked: null })]
    const said = await theirs.check(MESSAGE, signature)
    t.is(said !== null, believed, text)
    t.deepEqual(await ours.check(MESSAGE, signature), said, text)
  }
})

test('ssh-keygen and the portable verifier think the same of every list of revoked keys, and one that cannot be read is said', async (t) => {
  const { own, line, bytes, signature } = await signed(t)
  for (const [then, make] of REVOKED) {
    const text = `${make(line, bytes)}\n`
    const theirs = await ssh.verifier(list(`a ${line}\n`), { ...own, revoked: await put(own, 'revoked', text) })
    t.is((await theirs.check(MESSAGE, signature)) !== null, then === 'believed', text)
    const ours = verifierOf(list(`a ${line}\n`), { now: new Date(), revoked: text })
    if (then === 'unreadable') await t.throwsAsync(ours, { code: 'USAGE', message: /line 1 .*not a public key/ }, text)
    else t.is((await (await ours).check(MESSAGE, signature)) !== null, then === 'believed', text)
  }
})

/** What both verifiers answer to a list of signers; fails where they differ. */
async function bothSay(t: ExecutionContext, { own, signature }: Signed, text: string): Promise<string | null> {
  const trust = list(text)
  const [theirs, ours] = [await ssh.verifier(trust, own), await verifierOf(trust, { now: new Date(), revoked: null })]
  const said = await theirs.check(MESSAGE, signature)
  t.deepEqual(await ours.check(MESSAGE, signature), said, JSON.stringify(text))
  return said === null || 'unchecked' in said ? null : said.name
}

table('both find the same name in each line of a long table', async (t) => {
  const known = await signed(t)
  for (const [name, lines] of Object.entries(BELIEVED))
    for (const line of sampled(lines, 4))
      t.is(await bothSay(t, known, `${known.fill(line)}\n`), name, JSON.stringify(line))
  for (const line of sampled(REFUSED, 4)) t.is(await bothSay(t, known, known.fill(line)), null, JSON.stringify(line))
})

table('both read the same times, and no others', async (t) => {
  const known = await signed(t)
  const tables = { 'valid-before': [UNTIL, NOT_UNTIL], 'valid-after': [FROM, NOT_FROM] } as const
  for (const [option, [good, bad]] of Object.entries(tables)) {
    const said = (time: string) => bothSay(t, known, known.fill(`a ${option}="${time}" %KEY%\n`))
    for (const time of good) t.is(await said(time), 'a', time)
    for (const time of bad) t.is(await said(time), null, time)
  }
})

test('both stop at names and patterns that are too long, and try as many names', async (t) => {
  const known = await signed(t)
  const many = (count: number) => Array.from({ length: count }, (_, at) => `n${at}`).join()
  for (const [text, name] of [
    [`${'x'.repeat(1022)} %KEY%`, 'x'.repeat(1022)],
    [`${'x'.repeat(1023)} %KEY%`, null],
    [`${'ä'.repeat(512)} %KEY%`, null],
    [`a,${'x'.repeat(5000)} %KEY%`, null],
    [`${many(20)} namespaces="git" %KEY%\nn15 %KEY%`, 'n15'],
    [`${many(20)} namespaces="git" %KEY%\nn16 %KEY%`, null],
    [`a %KEY% ${'c'.repeat(20_000)}`, 'a'],
  ] as const)
    t.is(await bothSay(t, known, known.fill(`${text}\n`)), name, text.slice(0, 60))
})

type Then = keyof typeof REVOCATIONS

/** What both make of a signature under a list of revoked keys; fails where they differ. */
async function bothThink(t: ExecutionContext, { own, line, signature }: Signed, text: string): Promise<Then> {
  const trust = list(`a ${line}\n`)
  const theirs = await ssh.verifier(trust, { ...own, revoked: await put(own, 'revoked', text) })
  const believed = (await theirs.check(MESSAGE, signature)) !== null
  try {
    const ours = await verifierOf(trust, { now: new Date(), revoked: text })
    const also = (await ours.check(MESSAGE, signature)) !== null
    t.is(also, believed, JSON.stringify(text))
    return also ? 'believed' : 'revoked'
  } catch (error) {
    t.like(error, { code: 'USAGE' })
    t.false(believed, JSON.stringify(text))
    return 'unreadable'
  }
}

table('both make the same of each list of revoked keys in a long table', async (t) => {
  const known = await signed(t)
  for (const [then, texts] of Object.entries(REVOCATIONS))
    for (const text of sampled(texts, 3))
      for (const end of ['', '\n'])
        t.is(await bothThink(t, known, known.fill(text) + end), then as Then, JSON.stringify(text + end))
})

test('a line that a NUL cuts off is read by ssh-keygen and never by us, for a key may stand behind it', async (t) => {
  const { line } = await signed(t)
  for (const text of ['\0', `\0${line}`, `${line}\0`, `\0\n${line}`])
    await t.throwsAsync(verifierOf(list(`a ${line}\n`), { now: new Date(), revoked: text }), { code: 'USAGE' }, text)
})

table('both read the same keys and certificates in wire form, whole, cut, changed and under other names', async (t) => {
  const known = await signed(t)
  const rows = await keysInWireForm(known.own.scratch, known.bytes)
  t.true(rows.length > 60)
  for (const { what, line, then } of rows) {
    t.is(await bothThink(t, known, line), then, what)
    const name = await bothSay(t, known, `a ${line}\nb ${known.line}\n`)
    t.true(name === 'b' || (name === 'a' && then === 'revoked'), what)
  }
})

test('a binary list of revoked keys is read by ssh-keygen alone; the library refuses it whole', async (t) => {
  const known = await signed(t)
  const other = await sshKey(known.own, 'ed25519', '', 'other')
  const file = `${known.own.scratch}/krl`
  for (const [pub, believed] of [
    [`${known.file}.pub`, false],
    [`${other.file}.pub`, true],
  ] as const) {
    await exec('ssh-keygen', ['-q', '-k', '-f', file, pub])
    for (const cut of [0, 5]) {
      const bytes = await readFile(file)
      const krl = bytes.subarray(0, bytes.length - cut)
      const theirs = await ssh.verifier(list(`a ${known.line}\n`), {
        ...known.own,
        revoked: await put(known.own, 'krl-cut', krl),
      })
      t.is((await theirs.check(MESSAGE, known.signature)) !== null, believed && cut === 0)
      const ours = verifierOf(list(`a ${known.line}\n`), { now: new Date(), revoked: krl.toString('utf8') })
      await t.throwsAsync(ours, { code: 'USAGE', message: /binary \(KRL\)/ })
    }
  }
})

type Signed = Awaited<ReturnType<typeof signed>>

async function signed(t: ExecutionContext) {
  const own = await host(t)
  const key = await sshKey(own, 'ed25519')
  const signature = await (await ssh.signer(source(key.text, key.file), own)).sign(MESSAGE)
  const bytes = key.line.split(' ')[1] ?? ''
  const [other, rsa, ec] = await Promise.all(
    ['ed25519', 'rsa', 'ecdsa'].map(async (kind) => (await sshKey(own, kind, '', `other-${kind}`)).line),
  )
  const cert = await certify(own.scratch, 'other-ed25519', key.line)
  const words = {
    KEY: key.line,
    BARE: `ssh-ed25519 ${bytes}`,
    BYTES: bytes,
    CERT: cert,
    OTHER: other,
    RSA: rsa,
    EC: ec,
  }
  const fill = (text: string) =>
    Object.entries(words).reduce((filled, [word, value]) => filled.replaceAll(`%${word}%`, value ?? ''), text)
  return { own, file: key.file, line: key.line, bytes, signature, fill }
}
