import test from 'ava'
import { NOTES } from '../../../../src/engine/flows/refs/session-refs.ts'
import { addLine, type Proof, publicKey, tempProof } from '../../../helpers/proof.ts'

const signed = async (t: Parameters<typeof tempProof>[0], bend?: Parameters<typeof tempProof>[1]) => {
  const proof = await tempProof(t, bend)
  await proof.put('attestations', await proof.sign(proof.statement()))
  return proof
}

async function verdict(proof: Proof, commit: string, more: Parameters<Proof['verify']>[0] = {}) {
  const [result] = await proof.verify({ proofs: [commit], key: [await publicKey(proof.repo)], ...more })
  return result
}

/** A commit with this tree and parent. */
const write = (proof: Proof, tree: string, parent: string, message = 'again') =>
  proof.repo.git('commit-tree', tree, '-p', parent, '-m', message)

/** Copies a line of every kind to another commit, as notes.rewriteRef does. */
async function copyNotes({ repo, commit }: Proof, to: string): Promise<void> {
  for (const ref of Object.values(NOTES)) {
    const note = await repo.git('notes', '--ref', ref, 'show', commit).catch(() => null)
    if (note !== null) await addLine(repo, ref, to, note)
  }
}

for (const copied of [false, true]) {
  test(`a reworded commit${copied ? ' with copied notes' : ''} is PROVED_SAME_TREES, and --exact makes it STALE`, async (t) => {
    const proof = await signed(t)
    const amended = await write(proof, `${proof.commit}^{tree}`, proof.base)
    if (copied) await copyNotes(proof, amended)
    t.is((await verdict(proof, amended))?.verdict, 'PROVED_SAME_TREES')
    t.is((await verdict(proof, amended, { exact: true }))?.verdict, 'STALE')
  })
}

test('an amended message that keeps the trailer is PROVED_SAME_TREES', async (t) => {
  const proof = await signed(t)
  const message = await proof.repo.git('log', '-1', '--format=%B', proof.commit)
  const amended = await write(proof, `${proof.commit}^{tree}`, proof.base, `Reworded\n\n${message}`)
  t.is((await verdict(proof, amended))?.verdict, 'PROVED_SAME_TREES')
  t.is((await verdict(proof, amended, { exact: true }))?.verdict, 'STALE')
})

test('a cherry-pick onto another base is STALE, and the answer says how to prove it', async (t) => {
  const proof = await signed(t)
  await proof.repo.git('checkout', '-q', '-b', 'other', proof.base)
  const onto = await proof.repo.commit('more', { 'more.txt': 'more\n' })
  await proof.repo.git('cherry-pick', proof.commit)
  const picked = await proof.repo.git('rev-parse', 'HEAD')
  t.not(picked, onto)
  const result = await verdict(proof, picked)
  t.is(result?.verdict, 'STALE', result?.reason)
  t.is(result?.mend, `git pp prove ${picked.slice(0, 12)} proves this commit itself`)
})

test('notes copied to a commit of another change: WRONG_COMMIT', async (t) => {
  const proof = await signed(t)
  const other = await proof.repo.commit('other', { 'other.txt': 'x\n' })
  await copyNotes(proof, other)
  t.is((await verdict(proof, other))?.verdict, 'WRONG_COMMIT')
})

test('an unsigned bundle moved to a commit of another change: WRONG_COMMIT, even where no signature is asked for', async (t) => {
  const proof = await tempProof(t, { kind: 'prove' })
  const other = await proof.repo.commit('other', { 'other.txt': 'x\n' })
  await copyNotes(proof, other)
  t.is((await verdict(proof, other, { allowUnsigned: true }))?.verdict, 'WRONG_COMMIT')
})

test('a commit that announces a proof which is not here is MISSING, and says so', async (t) => {
  const proof = await signed(t)
  for (const ref of Object.values(NOTES)) await proof.repo.git('update-ref', '-d', ref)
  const result = await verdict(proof, proof.commit)
  t.is(result?.verdict, 'MISSING')
  t.regex(result?.reason ?? '', /names a proof of session/)
})

test('two trailers bind nothing, and the trees still do', async (t) => {
  const proof = await signed(t)
  const message = await proof.repo.git('log', '-1', '--format=%B', proof.commit)
  const twice = await write(proof, `${proof.commit}^{tree}`, proof.base, `${message}\n${message}`)
  await copyNotes(proof, twice)
  t.is((await verdict(proof, twice))?.verdict, 'PROVED_SAME_TREES')
})
