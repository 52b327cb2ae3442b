import { rm } from 'node:fs/promises'
import test from 'ava'
import { utf8Bytes } from '../../../../src/engine/core/bytes/canonical.ts'
import { json, resealed } from '../../../helpers/forgeries/edits.ts'
import { publicKey, tempProof } from '../../../helpers/proof.ts'

// The attacks and their verdicts are those of test/helpers/forgeries; here stands what an answer says besides.

test('a forged bundle beside the honest one lowers nothing, and is counted', async (t) => {
  const proof = await tempProof(t)
  await proof.put('attestations', await proof.sign(proof.statement()))
  const forged = resealed(proof.bundle, (files) => files.set('attempts/1/command/stdout', utf8Bytes('forged\n')))
  await proof.put('bundles', forged)
  await proof.put('bundles', 'not a bundle')
  await proof.put('attestations', 'not an envelope')
  const [result] = await proof.verify({ key: [await publicKey(proof.repo)] })
  t.is(result?.verdict, 'PROVED', result?.reason)
  t.true(result?.cautions.some((one) => one.startsWith('2 of 3 bundles on this commit were not checked')))
})

test('PASSED_ONCE is accepted where --allow-weak says so', async (t) => {
  const policy = { 'pp.yaml': 'policy: {verify: {runs: 0}}\n' }
  const proof = await tempProof(t, { files: policy, pairs: 0, repro: { verdict: 'PASSED_ONCE' } })
  const [result] = await proof.verify({ allowUnsigned: true, allowWeak: true })
  t.is(result?.verdict, 'PROVED_UNSIGNED', result?.reason)
})

test('PASSED_ONCE of a change that was made smaller needs the run of the smaller one; before version 3, that before it', async (t) => {
  const policy = { 'pp.yaml': 'policy: {verify: {runs: 0}}\n' }
  const first = 'attempts/1/command/evidence.json'
  const word = async (older: boolean, kept: boolean) => {
    const record = (files: Map<string, Uint8Array>) => {
      const green = files.get(first)
      if (kept && green) files.set('verification/1_green/command/evidence.json', green)
      json(first, () => ({ tree: '1'.repeat(40) }))(files)
      files.set('minimize.json', utf8Bytes('{}\n'))
    }
    const proof = await tempProof(t, { files: policy, pairs: 0, repro: { verdict: 'PASSED_ONCE' }, record, older })
    const [result] = await proof.verify({ allowUnsigned: true, allowWeak: true })
    return result?.verdict
  }
  t.is(await word(false, true), 'PROVED_UNSIGNED')
  t.is(await word(false, false), 'NOT_A_PROOF')
  t.is(await word(true, false), 'PROVED_UNSIGNED')
})

test('a base that is not here is INCONCLUSIVE, and nothing is fetched', async (t) => {
  const proof = await tempProof(t)
  const tree = await proof.repo.git('rev-parse', `${proof.base}^{tree}`)
  await rm(`${proof.repo.dir}/.git/objects/${tree.slice(0, 2)}/${tree.slice(2)}`)
  const [result] = await proof.verify({ allowUnsigned: true })
  t.is(result?.verdict, 'INCONCLUSIVE', result?.reason)
  t.regex(result?.mend ?? '', /fetch/)
})
