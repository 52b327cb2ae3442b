import { canonicalJson, utf8Bytes } from '../../../../src/engine/core/bytes/canonical.ts'
import { type Bend, type Proof, tempProof } from '../../../helpers/proof.ts'
import { oneIn } from '../../../helpers/sample.ts'

const test = oneIn(2)

const TARGET = 'proof_targets:\n  - {name: command, cmd: "sh test.sh"}\n'
const UNSIGNED = { allowUnsigned: true } as const

async function gated(t: Parameters<typeof tempProof>[0], bend: Bend = {}, policy = TARGET) {
  const proof = await tempProof(t, { files: { 'pp.yaml': TARGET }, ...bend })
  await proof.repo.git('checkout', '-q', '-b', 'gate', proof.base)
  if (policy !== TARGET) await proof.repo.commit('Tighten', { 'pp.yaml': policy })
  await proof.repo.git('checkout', '-q', proof.commit)
  return proof
}

const through = (proof: Proof, more: Parameters<Proof['verify']>[0] = {}) =>
  proof.verify({ ...UNSIGNED, policyFrom: 'gate', proofs: [`gate..${proof.commit}`], ...more })

test('a proof from the merge base, of a target of the gate, passes', async (t) => {
  const proof = await gated(t)
  const [result] = await through(proof)
  t.is(result?.verdict, 'PROVED_UNSIGNED', result?.reason)
  t.false(result?.cautions.some((one) => /the author's choice/.test(one)))
})

test('without a gate the answer says who chose the policy', async (t) => {
  const proof = await gated(t)
  const [result] = await proof.verify(UNSIGNED)
  t.true(result?.cautions.some((one) => /policy, base and command are the author's choice/.test(one)))
})

for (const [what, policy, word] of [
  ['a stricter policy of the gate', `${TARGET}policy: {deny_write: ["add.sh"]}\n`, 'POLICY_MISMATCH'],
  ['more runs of the gate', `${TARGET}policy: {verify: {runs: 9}}\n`, 'POLICY_MISMATCH'],
  ['another command of the gate', 'proof_targets:\n  - {name: command, cmd: "make check"}\n', 'POLICY_MISMATCH'],
  ['a smaller limit of the gate', `${TARGET}policy: {limits: {max_patch_bytes: 10}}\n`, 'POLICY_MISMATCH'],
] as const) {
  test(`${what}: ${word}`, async (t) => {
    const proof = await gated(t, {}, policy)
    const [result] = await through(proof)
    t.is(result?.verdict, word, result?.reason)
  })
}

test('a gate without targets could pass no command, and is refused', async (t) => {
  const proof = await gated(t, {}, 'policy: {network: deny}\n')
  await t.throwsAsync(through(proof), { code: 'USAGE', message: /no policy with proof_targets/ })
})

test('a commit that brings its own lax policy does not pass, and nothing passes on top of it', async (t) => {
  const proof = await tempProof(t, { files: { 'pp.yaml': `${TARGET}policy: {network: allow}\n` } })
  await proof.repo.git('checkout', '-q', '--orphan', 'gate', proof.base)
  const tip = await proof.repo.commit('gate', { 'pp.yaml': TARGET })
  await proof.repo.git('replace', '--graft', proof.base, tip)
  const lax = await proof.repo.git('commit-tree', `${proof.base}^{tree}`, '-p', tip, '-m', 'Lax')
  const topic = await proof.repo.git('commit-tree', `${proof.commit}^{tree}`, '-p', lax, '-m', 'Mend')
  const results = await proof.verify({ ...UNSIGNED, policyFrom: tip, proofs: [`${tip}..${topic}`] })
  t.deepEqual(
    results.map(({ verdict }) => verdict),
    ['MISSING', 'POLICY_MISMATCH'],
  )
})

test('red once and green once, and nothing red at all, are no proof at a gate', async (t) => {
  const policy = `${TARGET}policy: {verify: {runs: 0}}\n`
  const weak = await gated(
    t,
    { files: { 'pp.yaml': policy }, pairs: 0, repro: { verdict: 'PASSED_ONCE' } },
    `${TARGET}policy: {verify: {runs: auto}}\n`,
  )
  t.is((await through(weak, { proofs: [weak.commit] }))[0]?.verdict, 'NOT_A_PROOF')
  t.is((await through(weak, { proofs: [weak.commit], allowWeak: true }))[0]?.verdict, 'POLICY_MISMATCH')
  const green = await gated(t, { repro: { verdict: 'ALREADY_GREEN', finalTree: null } })
  t.is((await through(green))[0]?.verdict, 'NOT_A_PROOF')
})

test('a proof that starts from a commit which is not proved does not pass', async (t) => {
  const proof = await gated(t)
  const gate = await proof.repo.git('commit-tree', `${proof.base}^{tree}`, '-m', 'Unrelated')
  const [result] = await proof.verify({ ...UNSIGNED, policyFrom: gate })
  t.is(result?.verdict, 'POLICY_MISMATCH')
  t.regex(result?.reason ?? '', /neither the merge base nor a proved commit/)
})

test('of a range every commit has to be proved, or those that announce it', async (t) => {
  const proof = await gated(t)
  const human = await proof.repo.commit('By hand', { 'notes.txt': 'x\n' })
  const all = await through(proof, { proofs: [`gate..${human}`] })
  t.deepEqual(
    all.map(({ commit, verdict }) => [commit, verdict]),
    [
      [proof.commit, 'PROVED_UNSIGNED'],
      [human, 'MISSING'],
    ],
  )
  const announced = await through(proof, { proofs: [`gate..${human}`], require: 'trailer' })
  t.deepEqual(
    announced.map(({ commit }) => commit),
    [proof.commit],
  )
})

test('the order of a range is that of parents, whatever dates say', async (t) => {
  const proof = await gated(t)
  const later = await proof.repo.git('cat-file', 'commit', proof.commit)
  const tree = await proof.repo.git('rev-parse', `${proof.commit}^{tree}`)
  const who = 'A U Thor <author@example.com> 0 +0000'
  const text = `tree ${tree}\nparent ${proof.commit}\nauthor ${who}\ncommitter ${who}\n\nchild\n`
  t.regex(later, /committer .* 17\d{8} /)
  const child = await proof.repo.gitWith(text, 'hash-object', '-t', 'commit', '-w', '--stdin')
  const results = await through(proof, { proofs: [`gate..${child}`] })
  t.deepEqual(
    results.map(({ commit }) => commit),
    [proof.commit, child],
  )
})

test('a policy that the author made laxer for himself is refused by the gate, not by the author', async (t) => {
  const record = (files: Map<string, Uint8Array>) => {
    const policy = JSON.parse(new TextDecoder().decode(files.get('policy.json'))) as Record<string, unknown>
    files.set('policy.json', utf8Bytes(canonicalJson({ ...policy, tests: { allowChanges: true, patterns: [] } })))
  }
  const proof = await gated(t, { record })
  t.is((await proof.verify(UNSIGNED))[0]?.verdict, 'PROVED_UNSIGNED')
  t.is((await through(proof))[0]?.verdict, 'POLICY_MISMATCH')
})

const USES = `${TARGET}policy:\n  worktree: {setup: "npm ci", include: [data]}\n  env: {allow: [DATABASE_URL]}\n`

test('a gate names what was used and its policy does not state', async (t) => {
  const proof = await gated(t, { files: { 'pp.yaml': USES } }, `${TARGET}policy: {network: deny}\n`)
  const [result] = await through(proof)
  t.is(result?.verdict, 'POLICY_MISMATCH')
  t.is(result?.reason, 'gate: the runs used setup "npm ci", which the policy of gate does not name')
})

test('a gate lets pass what its own policy states, and the usual dependency directories', async (t) => {
  const environment = { includes: [{ path: 'node_modules' }, { path: 'packages/a/.venv' }] }
  const proof = await gated(t, {
    files: { 'pp.yaml': USES },
    record: (files) => {
      const value = JSON.parse(new TextDecoder().decode(files.get('environment.json'))) as object
      files.set('environment.json', utf8Bytes(canonicalJson({ ...value, ...environment })))
    },
  })
  const [result] = await through(proof)
  t.is(result?.verdict, 'PROVED_UNSIGNED', result?.reason)
})

test('without a gate the answer lists what was used', async (t) => {
  const proof = await gated(t, { files: { 'pp.yaml': USES } })
  const [result] = await proof.verify(UNSIGNED)
  t.is(result?.verdict, 'PROVED_UNSIGNED')
  t.is(
    result?.checks.find(({ check }) => check === 'gate')?.detail,
    'you named no policy to check against; the runs used setup "npm ci"; the runs used include "data"; the runs used the variable DATABASE_URL',
  )
})
