import test from 'ava'
import { encodeBundleLine, sealBundle, writeJson } from '../../../../src/engine/core/bundle/index.ts'
import { NOTES } from '../../../../src/engine/flows/refs/session-refs.ts'
import { MOST_BUNDLES } from '../../../../src/engine/flows/verify/choose-bundles.ts'
import { addLine, type Proof, publicKey, tempProof } from '../../../helpers/proof.ts'

/** More bundles than are checked, all newer than the honest one: as good as it, or not readable. */
async function flood(proof: Proof, count: number, readable: boolean): Promise<void> {
  const lines = Array.from({ length: count }, (_, n) => {
    const record = new Map(proof.bundle.files)
    writeJson(record, 'repro.json', { ...proof.repro, session: `01k9000000000000000000${String(n).padStart(4, '0')}` })
    if (!readable) record.set('policy.json', Buffer.from(`${n}\n`))
    return encodeBundleLine(sealBundle(record))
  })
  await addLine(proof.repo, NOTES.bundles, proof.commit, lines.join('\n'))
}

for (const readable of [true, false])
  test(`a signed proof is found among many newer bundles that ${readable ? 'claim the same' : 'cannot be read'}`, async (t) => {
    const proof = await tempProof(t, { kind: 'prove' })
    await proof.put('attestations', await proof.sign(proof.statement()))
    await flood(proof, 60, readable)
    const [found] = await proof.verify({ key: [await publicKey(proof.repo)] })
    t.is(found?.verdict, 'PROVED', found?.reason)
    t.is(found?.session, proof.repro.session)
    const caution = '60 of 61 bundles on this commit were not checked, because one that holds was found before'
    t.true(
      found?.cautions.some((one) => one.startsWith(caution)),
      found?.cautions.join('\n'),
    )
  })

test('without a signature the newest are checked, and none of the others is believed', async (t) => {
  const proof = await tempProof(t, { kind: 'prove' })
  await flood(proof, 60, true)
  const [unsigned] = await proof.verify({ key: [await publicKey(proof.repo)] })
  t.is(unsigned?.verdict, 'UNSIGNED')
  const caution = `${61 - MOST_BUNDLES} of 61 bundles on this commit were not checked, because at most ${MOST_BUNDLES} are`
  t.true(unsigned?.cautions.some((one) => one.startsWith(caution)))
  const [allowed] = await proof.verify({ allowUnsigned: true })
  t.is(allowed?.verdict, 'PROVED_UNSIGNED')
  t.is(allowed?.session, '01k90000000000000000000059')
})

test('a session that is named is checked, however many are newer', async (t) => {
  const proof = await tempProof(t, { kind: 'prove' })
  await flood(proof, 60, true)
  const [found] = await proof.verify({ proofs: [proof.repro.session], allowUnsigned: true })
  t.is(found?.session, proof.repro.session)
  t.is(found?.verdict, 'PROVED_UNSIGNED', found?.reason)
})

test('bundles that were looked at before one holds are told', async (t) => {
  const proof = await tempProof(t, { kind: 'prove' })
  await flood(proof, 3, false)
  const [found] = await proof.verify({ allowUnsigned: true })
  t.is(found?.session, proof.repro.session)
  t.is(found?.verdict, 'PROVED_UNSIGNED', found?.reason)
  t.is(found?.cautions.filter((one) => one.startsWith('another bundle')).length, 3)
  t.false(found?.cautions.some((one) => one.includes('were not checked')))
})
