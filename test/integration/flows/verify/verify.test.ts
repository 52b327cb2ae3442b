import test from 'ava'
import { publicKey, tempProof } from '../../../helpers/proof.ts'

const word = async (results: Promise<readonly { verdict: string }[]>) => (await results)[0]?.verdict

for (const kind of ['run', 'prove'] as const) {
  test(`the signed proof of a ${kind} is PROVED to those who trust the signer`, async (t) => {
    const proof = await tempProof(t, { kind })
    await proof.put('attestations', await proof.sign(proof.statement()))
    const [result] = await proof.verify({ key: [await publicKey(proof.repo)] })
    t.is(result?.verdict, 'PROVED', result?.reason)
    t.deepEqual(
      result?.signatures.map(({ role, mode }) => [role, mode]),
      [['prover', 'ed25519']],
    )
  })
}

test('signed, and nobody is trusted: UNTRUSTED, and the answer says that it lacks somebody to compare with', async (t) => {
  const proof = await tempProof(t)
  await proof.put('attestations', await proof.sign(proof.statement()))
  const [result] = await proof.verify()
  t.is(result?.verdict, 'UNTRUSTED')
  t.regex(result?.reason ?? '', /you named no key to trust/)
})

test('not signed: UNSIGNED, and PROVED_UNSIGNED where that is asked for', async (t) => {
  const proof = await tempProof(t)
  t.is(await word(proof.verify()), 'UNSIGNED')
  t.is(await word(proof.verify({ allowUnsigned: true })), 'PROVED_UNSIGNED')
})

test('a commit without a proof is MISSING', async (t) => {
  const proof = await tempProof(t)
  t.is(await word(proof.verify({ proofs: [proof.base] })), 'MISSING')
})

test('verifying leaves the repository as it was', async (t) => {
  const proof = await tempProof(t)
  const before = await proof.repo.snapshotState()
  await proof.verify({ allowUnsigned: true })
  t.deepEqual(await proof.repo.snapshotState(), before)
})
