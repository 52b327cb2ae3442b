import test, { type ExecutionContext } from 'ava'
import { verifierOf } from '../../../src/engine/portable/verifiers.ts'
import ssh from '../../../src/engine/signers/ssh.ts'
import { host, put, source, sshKey } from '../../unit/signers/keys.ts'

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

async function signed(t: ExecutionContext) {
  const own = await host(t)
  const key = await sshKey(own, 'ed25519')
  const signature = await (await ssh.signer(source(key.text, key.file), own)).sign(MESSAGE)
  return { own, line: key.line, bytes: key.line.split(' ')[1] ?? '', signature }
}
