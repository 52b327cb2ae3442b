import { canonicalJson, utf8Bytes } from '../../../../src/engine/core/bytes/canonical.ts'
import type { VerificationVerdict } from '../../../../src/engine/model/verification.ts'
import { type Bend, publicKey, tempProof } from '../../../helpers/proof.ts'
import { oneIn } from '../../../helpers/sample.ts'

const test = oneIn(2)

const FIX = { 'add.sh': 'echo $(($1 + $2))\n' }
const TARGET = 'proof_targets:\n  - {name: command, cmd: "sh test.sh"}\n'
const pp = (policy: string) => ({ 'pp.yaml': `${TARGET}policy: ${policy}\n` })

/** policy.json as the author would like it. */
const lax = (change: (policy: Record<string, unknown>) => object) => (files: Map<string, Uint8Array>) => {
  const policy = JSON.parse(new TextDecoder().decode(files.get('policy.json'))) as Record<string, unknown>
  files.set('policy.json', utf8Bytes(canonicalJson({ ...policy, ...change(policy) })))
}

const CASES: Readonly<Record<string, readonly [Bend, VerificationVerdict]>> = {
  'a policy that is heeded': [{ files: pp('{network: deny}') }, 'PROVED_UNSIGNED'],
  'a path outside of write_allowlist': [{ files: pp('{write_allowlist: ["src/**"]}') }, 'POLICY_VIOLATION'],
  'a path that deny_write names': [{ files: pp('{deny_write: ["add.sh"]}') }, 'POLICY_VIOLATION'],
  'a path that a policy nearer to it denies': [
    { files: { 'lib/pp.yaml': 'policy: {deny_write: [a]}\n' }, change: { ...FIX, 'lib/a': 'x\n' } },
    'POLICY_VIOLATION',
  ],
  'more files than max_files_changed': [
    { files: pp('{limits: {max_files_changed: 1}}'), change: { ...FIX, 'more.txt': 'x\n' } },
    'POLICY_VIOLATION',
  ],
  'a change of the policy itself': [
    { files: pp('{network: deny}'), change: { ...FIX, 'pp.yaml': TARGET } },
    'POLICY_VIOLATION',
  ],
  'a workflow that runs by itself': [
    { change: { ...FIX, '.github/workflows/x.yml': 'on: push\n' } },
    'POLICY_VIOLATION',
  ],
  'a typed command that is not allowed': [
    { files: { 'pp.yaml': 'policy: {allowed_commands: ["make check"]}\n' } },
    'POLICY_VIOLATION',
  ],
  'a policy of the base that was not heeded': [
    {
      files: { 'pp.yaml': 'policy: {deny_write: ["add.sh"]}\n' },
      record: lax(() => ({ files: [], denyWrite: [] })),
    },
    'POLICY_MISMATCH',
  ],
  'a rule that was dropped': [
    { files: pp('{deny_write: ["add.sh"]}'), record: lax(() => ({ denyWrite: [] })) },
    'POLICY_MISMATCH',
  ],
  'a blob that is not the one of the base': [
    {
      files: pp('{network: deny}'),
      record: lax(({ files }) => ({ files: (files as object[]).map((file) => ({ ...file, blob: '1'.repeat(40) })) })),
    },
    'POLICY_MISMATCH',
  ],
  'an opened network': [{ files: pp('{network: deny}'), record: lax(() => ({ network: 'allow' })) }, 'POLICY_MISMATCH'],
  'fewer runs than the base says': [
    { files: pp('{verify: {runs: 3}}'), pairs: 1, record: lax(() => ({ verify: { runs: 1, also: [] } })) },
    'POLICY_MISMATCH',
  ],
  'another command under the name of a target': [
    {
      files: pp('{network: deny}'),
      record: lax(() => ({ targets: [{ name: 'command', command: { shell: 'true' }, cwd: '' }] })),
    },
    'POLICY_MISMATCH',
  ],
  'a separate command that was not run': [
    { files: pp('{verify: {also: [{name: lint, cmd: "make lint"}]}}') },
    'NOT_A_PROOF',
  ],
  'a changed test that was not put back': [
    { change: { ...FIX, 'tests/test_a.py': 'def test(): pass\n' } },
    'NOT_A_PROOF',
  ],
}

for (const [what, [bend, word]] of Object.entries(CASES)) {
  test(`${what}: ${word}, whoever signed it`, async (t) => {
    const proof = await tempProof(t, bend)
    const [unsigned] = await proof.verify({ allowUnsigned: true })
    t.is(unsigned?.verdict, word, unsigned?.reason)
    await proof.put('attestations', await proof.sign(proof.statement()))
    const [result] = await proof.verify({ key: [await publicKey(proof.repo)] })
    t.is(result?.verdict, word === 'PROVED_UNSIGNED' ? 'PROVED' : word)
  })
}

test('where only a directory has a policy, the answer says so', async (t) => {
  const proof = await tempProof(t, { files: { 'lib/pp.yaml': 'policy: {network: deny}\n' } })
  const [result] = await proof.verify({ allowUnsigned: true })
  t.is(
    result?.checks.find(({ check }) => check === 'policy')?.detail,
    'no policy of the base applies where the command ran; lib/pp.yaml applies only below lib/',
  )
})
