import * as fs from 'node:fs/promises'
import test from 'ava'
import { allowedSigners, principalOf } from '../../../src/engine/core/sshsig/allowed-signers.ts'
import { verifierOf } from '../../../src/engine/portable/verifiers.ts'
import ssh from '../../../src/engine/signers/ssh.ts'
import { verify } from '../../../src/verify/index.ts'
import { sshKey as keyOf, sshSigned } from '../../helpers/forgeries/lines.ts'
import { tempProof } from '../../helpers/proof.ts'
import { hex, host, source, sshKey } from '../../unit/signers/keys.ts'

const MESSAGE = Buffer.from('what is signed')
const NOW = { now: new Date(), revoked: null }
const list = (text: string) => ({ mode: 'ssh', name: 'list', text }) as const

/** Lists of signers, of which ssh-keygen and the portable verifier have to think the same. */
const LISTS: Readonly<Record<string, (key: string, other: string) => string>> = {
  'a plain line': (key) => `alice ${key}`,
  'a comment and blanks around it': (key) => `# us\n\n   alice   ${key}   \n`,
  'several names': (key) => `alice,bob ${key}`,
  'a pattern': (key) => `*@example.com ${key}`,
  'a quoted name': (key) => `"alice" ${key}`,
  'the right namespace': (key) => `alice namespaces="git-pp-proof" ${key}`,
  'a list of namespaces': (key) => `alice namespaces="git,git-pp-*" ${key}`,
  'a namespace that is taken back': (key) => `alice namespaces="*,!git-pp-proof" ${key}`,
  'another namespace': (key) => `alice namespaces="git" ${key}`,
  'a time that is over': (key) => `alice valid-before="20240101" ${key}`,
  'a time that is over, to the second, in UTC': (key) => `alice valid-before="20240101101010Z" ${key}`,
  'a time that goes on': (key) => `alice valid-after="20240101",valid-before="29990101" ${key}`,
  'a time that has not come': (key) => `alice valid-after="29990101" ${key}`,
  'a time that is none': (key) => `alice valid-after="soon" ${key}`,
  'an authority': (key) => `alice cert-authority ${key}`,
  'an option that nobody knows': (key) => `alice colour="red" ${key}`,
  'another key': (_, other) => `alice ${other}`,
  'another key before it': (key, other) => `bob ${other}\nalice ${key}`,
  'a line that is over, and one that holds': (key) => `alice valid-before="20240101" ${key}\nalice ${key}`,
  nothing: () => '# nobody',
}

const local = (year: number) => new Date(year, 0, 1).toISOString().replace('.000Z', 'Z')
/** What whoever wrote the list is told of a key that it names and that counts for nothing now. */
const WHY_NOT: Readonly<Record<string, string>> = {
  'a namespace that is taken back':
    'listed as alice, but only for signatures of *,!git-pp-proof; a proof needs git-pp-proof',
  'another namespace': 'listed as alice, but only for signatures of git; a proof needs git-pp-proof',
  'a time that is over': `listed as alice, but valid only until ${local(2024)}`,
  'a time that is over, to the second, in UTC': 'listed as alice, but valid only until 2024-01-01T10:10:10Z',
  'a time that has not come': `listed as alice, but valid only from ${local(2999)} on`,
}

for (const [what, make] of Object.entries(LISTS)) {
  test(`ssh-keygen and the portable verifier think the same of a list with ${what}`, async (t) => {
    const own = await host(t)
    const [key, other] = [await sshKey(own, 'ed25519'), await sshKey(own, 'ed25519', '', 'other')]
    const signature = await (await ssh.signer(source(key.text, key.file), own)).sign(MESSAGE)
    const trust = list(`${make(key.line, other.line)}\n`)
    const [theirs, ours] = [await ssh.verifier(trust, own), await verifierOf(trust, NOW)]
    const said = await theirs.check(MESSAGE, signature)
    t.deepEqual(await ours.check(MESSAGE, signature), said)
    const why = theirs.whyNot?.(signature, NOW.now) ?? null
    t.is(ours.whyNot?.(signature, NOW.now) ?? null, why)
    t.is(why, WHY_NOT[what] ?? null)
    t.is(await ours.check(Buffer.from('something else'), signature), null)
  })
}

test('revoked keys are nobody, and a binary list of them is refused', async (t) => {
  const own = await host(t)
  const key = await sshKey(own, 'ed25519')
  const signature = await (await ssh.signer(source(key.text, key.file), own)).sign(MESSAGE)
  const trust = list(`alice ${key.line}\n`)
  t.truthy(await (await verifierOf(trust, NOW)).check(MESSAGE, signature))
  t.is(await (await verifierOf(trust, { ...NOW, revoked: `${key.line}\n` })).check(MESSAGE, signature), null)
  await t.throwsAsync(verifierOf(trust, { ...NOW, revoked: 'SSHKRL\n\0' }), {
    code: 'USAGE',
    message: /list of revoked keys is binary/,
  })
})

test('whoever signed with another kind of SSH key, and is trusted, cannot be checked here: INCONCLUSIVE', async (t) => {
  const proof = await tempProof(t)
  const key = await keyOf(proof, 'ecdsa')
  await proof.put('attestations', await sshSigned(proof, proof.statement(), key))
  const ask = { dir: proof.repo.dir, proof: proof.commit }
  const keys = [{ text: await fs.readFile(`${key}.pub`, 'utf8') }]
  const [result] = await verify({ ...ask, trust: { keys } })
  t.is(result?.verdict, 'INCONCLUSIVE')
  t.regex(result?.reason ?? '', /ecdsa-sha2-nistp256, which this library cannot check/)
  t.is((await verify(ask))[0]?.verdict, 'UNTRUSTED')
  await proof.put('attestations', await proof.sign(proof.statement()))
  const { publicKey } = await import('../../helpers/proof.ts')
  const both = [...keys, { text: await fs.readFile(await publicKey(proof.repo), 'utf8') }]
  t.is((await verify({ ...ask, trust: { keys: both } }))[0]?.verdict, 'PROVED')
})

test('bytes that are no SSH signature are nobody', async (t) => {
  const own = await host(t)
  const key = await sshKey(own, 'ed25519')
  const verifier = await verifierOf(list(`alice ${key.line}\n`), NOW)
  const signature = await (await ssh.signer(source(key.text, key.file), own)).sign(MESSAGE)
  const longer = Buffer.concat([signature, Buffer.from([0])])
  for (const bytes of [
    new Uint8Array(),
    hex('00'),
    Buffer.from('SSHSIG'),
    new Uint8Array(64),
    longer,
    signature.subarray(0, -1),
  ])
    t.is(await verifier.check(MESSAGE, bytes), null)
})

test('no pattern of names takes long', (t) => {
  const key = Buffer.from(`AAAAC3NzaC1lZDI1NTE5AAAAI${'A'.repeat(43)}`, 'base64')
  const line = `${'*a'.repeat(200)}b ssh-ed25519 ${key.toString('base64')}`
  const [signer] = allowedSigners(line)
  t.truthy(signer)
  t.is(
    principalOf(
      signer ? [{ ...signer, principals: `${'a'.repeat(1000)}c,!${'*a'.repeat(200)}b` }] : [],
      key,
      new Date(),
    ),
    `${'a'.repeat(1000)}c`,
  )
})
