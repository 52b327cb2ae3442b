import * as fs from 'node:fs/promises'
import { join } from 'node:path'

import { utf8Bytes } from '../../../../src/engine/core/bytes/canonical.ts'
import { attest } from '../../../../src/engine/index.ts'
import { callerOf } from '../../../helpers/caller.ts'
import { resealed } from '../../../helpers/forgeries/edits.ts'
import { sshKey, sshSigned } from '../../../helpers/forgeries/lines.ts'
import { ALICE, BOB, type Proof, publicKey, tempProof } from '../../../helpers/proof.ts'
import { oneIn } from '../../../helpers/sample.ts'

const test = oneIn(2)

async function verdict(proof: Proof, seeds: readonly string[] = [ALICE]) {
  const key = await Promise.all(seeds.map((seed) => publicKey(proof.repo, seed)))
  const [result] = await proof.verify({ key })
  return result?.verdict
}

test('a trust file in the work tree that is verified is refused', async (t) => {
  const proof = await tempProof(t)
  await proof.repo.write('keys/trusted', await fs.readFile(await publicKey(proof.repo), 'utf8'))
  const trusted = join(proof.repo.dir, 'keys/trusted')
  const link = join(proof.repo.home, 'link')
  await fs.symlink(trusted, link)
  for (const file of [trusted, link]) {
    await t.throwsAsync(proof.verify({ trust: [file] }), { code: 'USAGE', message: /is inside the work tree/ })
    await t.throwsAsync(proof.verify({ key: [file] }), { code: 'USAGE', message: /is inside the work tree/ })
  }
})

for (const [options, why] of [
  ['valid-before="20240101Z" ', 'valid only until 2024-01-01T00:00:00Z'],
  ['valid-after="29990101Z" ', 'valid only from 2999-01-01T00:00:00Z on'],
] as const) {
  test(`a listed signer who is out of its dates is told so: ${options}`, async (t) => {
    const proof = await tempProof(t)
    const key = await sshKey(proof)
    await proof.put('attestations', await sshSigned(proof, proof.statement(), key))
    const list = join(proof.repo.home, 'list')
    await fs.writeFile(list, `alice@example.com ${options}${(await fs.readFile(`${key}.pub`, 'utf8')).trim()}\n`)
    const [result] = await proof.verify({ trust: [list] })
    t.is(result?.verdict, 'UNTRUSTED')
    t.regex(result?.reason ?? '', new RegExp(`; such a key is listed as alice@example\\.com, but ${why}$`))
    await fs.writeFile(list, `alice@example.com ${(await fs.readFile(`${key}.pub`, 'utf8')).trim()}\n`)
    t.is((await proof.verify({ trust: [list] }))[0]?.verdict, 'PROVED')
  })
}

test("git's allowed signers count from global config, never from the repository's own", async (t) => {
  const proof = await tempProof(t)
  await proof.put('attestations', await proof.sign(proof.statement()))
  const list = await publicKey(proof.repo)
  await proof.repo.git('config', 'gpg.ssh.allowedSignersFile', list)
  const [local] = await proof.verify()
  t.is(local?.verdict, 'UNTRUSTED')
  t.true(local?.cautions.some((one) => /was ignored/.test(one)))
  await proof.repo.git('config', '--global', 'gpg.ssh.allowedSignersFile', 'trusted')
  await proof.repo.write('trusted', await fs.readFile(list, 'utf8'))
  t.is((await proof.verify())[0]?.verdict, 'UNTRUSTED')
  await proof.repo.git('config', '--global', 'gpg.ssh.allowedSignersFile', list)
  t.is((await proof.verify())[0]?.verdict, 'PROVED')
})

test("git's list of revoked keys counts for typed trust, too, and a line that cannot be read is an error", async (t) => {
  const proof = await tempProof(t)
  const key = await sshKey(proof, 'ed25519')
  await proof.put('attestations', await sshSigned(proof, proof.statement(), key))
  const line = await fs.readFile(`${key}.pub`, 'utf8')
  const [revoked, signers] = [join(proof.repo.home, 'revoked'), join(proof.repo.home, 'signers')]
  await fs.writeFile(signers, `alice ${line}`)
  const tip = await proof.repo.commit('trust', { '.pp/allowed_signers': `alice ${line}` })
  const ways = [{ key: [`${key}.pub`] }, { trust: [signers] }, { trustFrom: tip }]
  const verdicts = async (text: string) => {
    await fs.writeFile(revoked, text)
    return Promise.all(ways.map(async (way) => (await proof.verify(way))[0]?.verdict))
  }
  t.deepEqual(await verdicts(''), ['PROVED', 'PROVED', 'PROVED'])
  await proof.repo.git('config', '--global', 'gpg.ssh.revocationFile', revoked)
  t.deepEqual(await verdicts('# nobody\n'), ['PROVED', 'PROVED', 'PROVED'])
  t.deepEqual(await verdicts(line), ['UNTRUSTED', 'UNTRUSTED', 'UNTRUSTED'])
  await t.throwsAsync(verdicts(`alice ${line}`), {
    code: 'USAGE',
    message: /line 1 of the revoked keys.*not a public key/,
  })
  await fs.rm(revoked)
  await t.throwsAsync(proof.verify({ key: [`${key}.pub`] }), { code: 'USAGE', message: /revoked/ })
})

test('the program that a repository names for SSH signatures is never run', async (t) => {
  const proof = await tempProof(t)
  const marker = join(proof.repo.home, 'ran')
  const program = join(proof.repo.home, 'evil')
  await fs.writeFile(program, `#!/bin/sh\ntouch ${marker}\n`, { mode: 0o755 })
  for (const key of ['gpg.ssh.program', 'gpg.program', 'core.fsmonitor', 'diff.external', 'core.pager', 'core.editor'])
    await proof.repo.git('config', key, program)
  await proof.repo.write('.git/hooks/post-index-change', `#!/bin/sh\ntouch ${marker}\n`)
  await proof.put('attestations', await proof.sign(proof.statement()))
  t.is(await verdict(proof), 'PROVED')
  await t.throwsAsync(fs.access(marker))
})

test('--trust-from trusts the list of that commit, and no other', async (t) => {
  const proof = await tempProof(t)
  await proof.put('attestations', await proof.sign(proof.statement()))
  const list = await fs.readFile(await publicKey(proof.repo), 'utf8')
  const tip = await proof.repo.commit('trust', { '.pp/allowed_signers': list })
  t.is((await proof.verify({ trustFrom: tip }))[0]?.verdict, 'PROVED')
  await t.throwsAsync(proof.verify({ trustFrom: proof.base }), { code: 'USAGE', message: /has no file/ })
})

test('one bad key of a list takes nothing from the others, and is told', async (t) => {
  const proof = await tempProof(t)
  await proof.put('attestations', await proof.sign(proof.statement()))
  const good = await fs.readFile(await publicKey(proof.repo), 'utf8')
  const list = join(proof.repo.home, 'list')
  await fs.writeFile(
    list,
    `# people\n-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n${good}what is this\n`,
  )
  const [result] = await proof.verify({ trust: [list] })
  t.is(result?.verdict, 'PROVED')
  t.is(result?.cautions.filter((one) => /list/.test(one)).length, 2)
})

test('attest signs beside those present, once, and overwrites nothing', async (t) => {
  const proof = await tempProof(t)
  const first = await proof.sign(proof.statement())
  await proof.put('attestations', first)
  const key = join(proof.repo.home, 'bob')
  await fs.writeFile(key, BOB)
  const options = { proof: proof.commit, mode: 'ed25519', keyFile: key } as const
  t.truthy((await attest(callerOf(proof.repo), options)).attestation)
  await attest(callerOf(proof.repo), options)
  const note = await proof.repo.git('notes', '--ref', 'refs/notes/pp/attestations', 'show', proof.commit)
  t.is(note.split('\n').length, 2)
  t.true(note.includes(first))
  t.is(await verdict(proof, [BOB]), 'PROVED')
})

test('attest signs nothing that does not hold', async (t) => {
  const proof = await tempProof(t, { pairs: 1 })
  const key = join(proof.repo.home, 'bob')
  await fs.writeFile(key, BOB)
  const { found, attestation } = await attest(callerOf(proof.repo), {
    proof: proof.commit,
    mode: 'ed25519',
    keyFile: key,
  })
  t.is(found.verdict, 'NOT_A_PROOF')
  t.is(attestation, null)
  await t.throwsAsync(proof.repo.git('notes', '--ref', 'refs/notes/pp/attestations', 'show', proof.commit))
})

test('attest launders no bundle that was swapped for the one that its prover signed', async (t) => {
  const proof = await tempProof(t, { kind: 'prove', without: ['bundles'] })
  await proof.put('attestations', await proof.sign(proof.statement()))
  const forged = resealed(proof.bundle, (files) => files.set('attempts/1/command/stdout', utf8Bytes('forged\n')))
  await proof.put('bundles', forged)
  const key = join(proof.repo.home, 'bob')
  await fs.writeFile(key, BOB)
  const options = { proof: proof.commit, mode: 'ed25519', keyFile: key } as const
  const { found, attestation } = await attest(callerOf(proof.repo), options)
  t.is(found.verdict, 'TAMPERED', found.reason)
  t.is(attestation, null)
  t.is(await verdict(proof, [BOB]), 'UNTRUSTED')
})
