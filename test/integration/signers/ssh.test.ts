import { execFile } from 'node:child_process'
import { chmod, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import test from 'ava'
import { ed25519KeyId, readKey } from '../../../src/engine/core/keys/keys.ts'
import {
  armourSignature,
  keyIdOfSshKey,
  NAMESPACE,
  readArmour,
  wireKeyOf,
} from '../../../src/engine/core/sshsig/sshsig.ts'
import { verifierOf } from '../../../src/engine/portable/verifiers.ts'
import ed25519 from '../../../src/engine/signers/ed25519.ts'
import ssh from '../../../src/engine/signers/ssh.ts'
import { hex, host, put, source, sshKey } from '../../unit/signers/keys.ts'

const exec = promisify(execFile)
const MESSAGE = Buffer.from('what is signed')
const allowed = (line: string, options = '') => `alice@example.com ${options}${line}\n`
const trust = (text: string) => ({ mode: 'ssh', name: 'list', text }) as const

for (const kind of ['ed25519', 'ecdsa', 'rsa']) {
  test(`a key of type ${kind} signs, and its owner is named`, async (t) => {
    const own = await host(t)
    const key = await sshKey(own, kind)
    const signer = await ssh.signer(source(key.text, key.file), own)
    const signature = await signer.sign(MESSAGE)
    const verifier = await ssh.verifier(trust(allowed(key.line)), own)
    t.deepEqual(await verifier.check(MESSAGE, signature), {
      mode: 'ssh',
      key: signer.keyid,
      fingerprint: signer.fingerprint,
      name: 'alice@example.com',
    })
    t.is(await verifier.check(Buffer.from('something else'), signature), null)
    const { stdout } = await exec('ssh-keygen', ['-lf', `${key.file}.pub`])
    t.is(stdout.split(' ')[1], signer.fingerprint)
  })
}

test('ssh-keygen itself verifies the armour', async (t) => {
  const own = await host(t)
  const key = await sshKey(own, 'ed25519')
  const signature = await (await ssh.signer(source(key.text, key.file), own)).sign(MESSAGE)
  const files = [
    '-f',
    await put(own, 'allowed', allowed(key.line)),
    '-s',
    await put(own, 'sig', armourSignature(signature)),
  ]
  const child = exec('ssh-keygen', ['-Y', 'verify', ...files, '-n', NAMESPACE, '-I', 'alice@example.com'])
  child.child.stdin?.end(MESSAGE)
  t.regex((await child).stdout, /^Good "git-pp-proof" signature for alice@example.com/)
  t.deepEqual(readArmour(armourSignature(signature)), signature)
})

test('a key out of a variable signs, too', async (t) => {
  const own = await host(t)
  const key = await sshKey(own, 'ed25519')
  const signature = await (await ssh.signer(source(key.text), own)).sign(MESSAGE)
  t.truthy(await (await ssh.verifier(trust(allowed(key.line)), own)).check(MESSAGE, signature))
})

test('two certificates of one key are one key, which a threshold counts once; without ssh-keygen they are neither good nor bad', async (t) => {
  const own = await host(t)
  const [key, authority] = [await sshKey(own, 'ed25519'), await sshKey(own, 'ed25519', '', 'authority')]
  const list = `alice@example.com ${key.line}\nalice@example.com cert-authority ${authority.line}\n`
  const message = await put(own, 'message', MESSAGE)
  const plain = await (await ssh.signer(source(key.text, key.file), own)).sign(MESSAGE)
  const signatures = [plain]
  for (const serial of ['1', '2']) {
    await exec('ssh-keygen', [
      '-q',
      '-s',
      authority.file,
      '-I',
      'x',
      '-z',
      serial,
      '-n',
      'alice@example.com',
      `${key.file}.pub`,
    ])
    const file = await put(own, `certified-${serial}`, key.text)
    await chmod(file, 0o600)
    await rename(`${key.file}-cert.pub`, `${file}.pub`)
    await exec('ssh-keygen', ['-Y', 'sign', '-q', '-n', NAMESPACE, '-f', `${file}.pub`, message])
    const { stdout } = await exec('cat', [`${message}.sig`])
    await rm(`${message}.sig`)
    signatures.push(readArmour(stdout) ?? new Uint8Array())
  }
  const verifier = await ssh.verifier(trust(list), own)
  const found = await Promise.all(signatures.map((signature) => verifier.check(MESSAGE, signature)))
  const [first] = found
  t.like(first, { mode: 'ssh', name: 'alice@example.com' })
  t.deepEqual(found, [first, first, first])
  const portable = await verifierOf(trust(list), { now: new Date(), revoked: null })
  t.deepEqual(await portable.check(MESSAGE, plain), first)
  t.regex(JSON.stringify(await portable.check(MESSAGE, signatures[1] ?? plain)), /unchecked.*certificate/)
})

test('an agent signs with the .pub alone', async (t) => {
  const own = await host(t)
  const key = await sshKey(own, 'ed25519')
  const socket = join(own.scratch, 'agent')
  const { stdout } = await exec('ssh-agent', ['-a', socket])
  t.teardown(() => process.kill(Number(/SSH_AGENT_PID=(\d+)/.exec(stdout)?.[1])))
  const withAgent = { ...own, env: { ...own.env, SSH_AUTH_SOCK: socket } }
  await exec('ssh-add', ['-q', key.file], { env: { ...process.env, SSH_AUTH_SOCK: socket } })
  await rm(key.file)
  const signature = await (await ssh.signer(source(key.line, `${key.file}.pub`), withAgent)).sign(MESSAGE)
  t.truthy(await (await ssh.verifier(trust(allowed(key.line)), own)).check(MESSAGE, signature))
})

test('the same signature under another namespace is refused', async (t) => {
  const own = await host(t)
  const key = await sshKey(own, 'ed25519')
  const file = await put(own, 'message', MESSAGE)
  await exec('ssh-keygen', ['-Y', 'sign', '-q', '-n', 'git', '-f', key.file, file])
  await rename(`${file}.sig`, join(own.scratch, 'git.sig'))
  const signature = readArmour((await exec('cat', [join(own.scratch, 'git.sig')])).stdout)
  t.truthy(signature)
  t.is(await (await ssh.verifier(trust(allowed(key.line)), own)).check(MESSAGE, signature ?? MESSAGE), null)
})

test('a signer of another namespace, an expired and a revoked one are refused', async (t) => {
  const own = await host(t)
  const key = await sshKey(own, 'ed25519')
  const signature = await (await ssh.signer(source(key.text, key.file), own)).sign(MESSAGE)
  const check = async (list: string, revoked: string | null = null) =>
    (await ssh.verifier(trust(list), { ...own, revoked })).check(MESSAGE, signature)
  t.truthy(await check(allowed(key.line, 'namespaces="git-pp-proof" ')))
  t.is(await check(allowed(key.line, 'namespaces="git" ')), null)
  t.is(await check(allowed(key.line, 'valid-before="20250101" ')), null)
  t.is(await check(allowed(key.line), await put(own, 'revoked', `${key.line}\n`)), null)
  t.is(await check(allowed((await sshKey(own, 'ed25519', '', 'other')).line)), null)
})

test('one key has one id, in SSH and outside of it', async (t) => {
  const own = await host(t)
  const key = await sshKey(own, 'ed25519')
  const wire = Buffer.from(key.line.split(' ')[1] ?? '', 'base64')
  t.is((await ssh.signer(source(key.text, key.file), own)).keyid, ed25519KeyId(wire.subarray(-32)))
})

for (const kind of ['rsa', 'ecdsa']) {
  test(`a key of type ${kind} has the id in SSH that it has as PEM`, async (t) => {
    const own = await host(t)
    const { file, line } = await sshKey(own, kind)
    const { stdout } = await exec('ssh-keygen', ['-e', '-m', 'PKCS8', '-f', `${file}.pub`])
    const read = readKey(stdout)
    t.is(keyIdOfSshKey(wireKeyOf(line) ?? new Uint8Array()), read.is === 'other-public' ? read.keyid : '')
  })
}

test('a key with a passphrase and no agent is refused before anything runs', async (t) => {
  const own = await host(t)
  const key = await sshKey(own, 'ed25519', 'secret')
  await t.throwsAsync(ssh.signer(source(key.text, key.file), own), { code: 'USAGE', message: /cannot use the key/ })
})

test('bytes that are no SSH signature are nobody', async (t) => {
  const own = await host(t)
  const key = await sshKey(own, 'ed25519')
  const verifier = await ssh.verifier(trust(allowed(key.line)), own)
  for (const bytes of [new Uint8Array(), hex('00'), Buffer.from('SSHSIG'), new Uint8Array(64)])
    t.is(await verifier.check(MESSAGE, bytes), null)
  const plain = await ed25519.signer(source('11'.repeat(32)), own)
  t.is(await verifier.check(MESSAGE, await plain.sign(MESSAGE)), null)
})

test('a .pub whose private half neither an agent nor a file beside it has is refused before anything runs', async (t) => {
  const own = await host(t)
  const key = await sshKey(own, 'ed25519')
  const pub = `${key.file}.pub`
  t.is((await (await ssh.signer(source(key.line, pub), own)).sign(MESSAGE)).length > 64, true)
  await rm(key.file)
  await t.throwsAsync(ssh.signer(source(key.line, pub), own), { code: 'USAGE', message: /its private key is neither/ })
  await t.throwsAsync(ssh.signer(source(key.line), own), { code: 'USAGE', message: /its private key is neither/ })
})
