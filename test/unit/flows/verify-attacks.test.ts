import test from 'ava'
import { checked, encodeLine, seal } from '../../../src/engine/core/bundle.ts'
import { bytesOf, canonical, sha256 } from '../../../src/engine/core/canonical.ts'
import type { Bundle } from '../../../src/engine/model/proof.ts'
import type { Word } from '../../../src/engine/model/verification.ts'
import { plant } from '../../helpers/planted.ts'
import { type Bend, type Proof, publicKey, tempProof } from '../../helpers/proof.ts'

const put = async (proof: Proof) => proof.put('attestations', await proof.sign(proof.statement()))
const trusting = async (proof: Proof) => ({ key: [await publicKey(proof.repo)] })

/** The same bundle with files changed, sealed anew: manifest and digest fit again. */
function resealed({ files }: Bundle, change: (files: Map<string, Uint8Array>) => void): Bundle {
  const copy = new Map(files)
  change(copy)
  return seal(copy)
}

/** The line of a bundle whose manifest is the old one. */
function mismatched({ files, manifest, digest }: Bundle, change: (files: Map<string, Uint8Array>) => void): string {
  const copy = new Map(files)
  change(copy)
  return encodeLine({ files: copy, manifest, digest })
}

const SWAPS: Readonly<Record<string, (files: Map<string, Uint8Array>) => void>> = {
  'evidence swapped': (files) => files.set('attempts/1/command/stdout', bytesOf('forged\n')),
  'a file added': (files) => files.set('attempts/2/command/stdout', bytesOf('forged\n')),
  'a file removed': (files) => void files.delete('attempts/1/command/stdout'),
  'another policy': (files) => files.set('policy.json', bytesOf('{}\n')),
}

for (const [what, change] of Object.entries(SWAPS)) {
  test(`${what}, manifest as it was: TAMPERED`, async (t) => {
    const proof = await tempProof(t, { without: ['bundles'] })
    await put(proof)
    await proof.put('bundles', mismatched(proof.bundle, change))
    const [result] = await proof.verify(await trusting(proof))
    t.is(result?.verdict, 'TAMPERED', result?.reason)
  })
}

for (const kind of ['run', 'prove'] as const) {
  test(`evidence of a ${kind} swapped and the manifest made to fit: TAMPERED, by trailer or by signature`, async (t) => {
    const proof = await tempProof(t, { kind, without: ['bundles'] })
    await put(proof)
    const forged = resealed(proof.bundle, (files) => files.set('attempts/1/command/stdout', bytesOf('forged\n')))
    await proof.put('bundles', encodeLine(forged))
    const [result] = await proof.verify(await trusting(proof))
    t.is(result?.verdict, 'TAMPERED', result?.reason)
  })
}

test('a forged bundle beside the honest one lowers nothing, and is told', async (t) => {
  const proof = await tempProof(t)
  await put(proof)
  const forged = resealed(proof.bundle, (files) => files.set('attempts/1/command/stdout', bytesOf('forged\n')))
  await proof.put('bundles', encodeLine(forged))
  await proof.put('bundles', 'not a bundle')
  await proof.put('attestations', 'not an envelope')
  const [result] = await proof.verify(await trusting(proof))
  t.is(result?.verdict, 'PROVED', result?.reason)
  t.true(result?.cautions.some((one) => /TAMPERED/.test(one)))
})

/** Patches of the bundle that are not the change of the trees. The trailer binds the bundle, so they are made before it is sealed. */
const PATCHES: Readonly<Record<string, (patch: string) => string>> = {
  'another added line': (patch) => patch.replace('+echo $(($1 + $2))', '+echo $(($2 + $1))'),
  'another id': (patch) => patch.replace(/\.\.[0-9a-f]{40}/, `..${'1'.repeat(40)}`),
  'another mode': (patch) => patch.replace(/ 100644\n/, ' 100755\n'),
  'another path in +++': (patch) => patch.replace('+++ b/add.sh', '+++ b/test.sh'),
  'talk between the lines': (patch) => `Reviewed and safe.\n${patch}`,
  'a second section': (patch) => patch + patch.replaceAll('add.sh', 'more.sh'),
  nothing: () => '',
}

for (const [what, forge] of Object.entries(PATCHES)) {
  test(`a patch with ${what} is not the change of the trees: TAMPERED`, async (t) => {
    const record = (files: Map<string, Uint8Array>) =>
      void files.set('final.patch', bytesOf(forge(new TextDecoder().decode(files.get('final.patch')))))
    const proof = await tempProof(t, { record })
    const [result] = await proof.verify({ allowUnsigned: true })
    t.is(result?.verdict, 'TAMPERED', result?.reason)
    t.regex(result?.reason ?? '', /^patch: /)
  })
}

const json =
  (path: string, change: (value: Record<string, unknown>) => unknown) => (files: Map<string, Uint8Array>) => {
    const value = JSON.parse(new TextDecoder().decode(files.get(path))) as Record<string, unknown>
    files.set(path, bytesOf(canonical({ ...value, ...(change(value) as object) })))
  }
const RED = 'verification/1_red/command/evidence.json'
const GREEN = 'verification/1_green/command/evidence.json'

/** Bundles that say too little, or something else than they have. */
const BENT: Readonly<Record<string, readonly [Bend, Word]>> = {
  'no red': [{ record: (files) => void files.delete(RED) }, 'NOT_A_PROOF'],
  'a red that is green': [{ record: json(RED, () => ({ reading: { is: 'green' } })) }, 'NOT_A_PROOF'],
  'a green that is red': [{ record: json(GREEN, () => ({ ended: { how: 'exited', code: 1 } })) }, 'NOT_A_PROOF'],
  'a green of the base': [{ record: json(GREEN, () => ({ tree: '1'.repeat(40) })) }, 'NOT_A_PROOF'],
  'no baseline': [{ record: (files) => void files.delete('attempts/0_baseline/command/evidence.json') }, 'NOT_A_PROOF'],
  'fewer pairs than the policy says': [{ pairs: 2 }, 'NOT_A_PROOF'],
  'the verdict PASSED_ONCE': [{ pairs: 0, repro: { verdict: 'PASSED_ONCE' } }, 'NOT_A_PROOF'],
  'the verdict ALREADY_GREEN': [{ repro: { verdict: 'ALREADY_GREEN', finalTree: null } }, 'NOT_A_PROOF'],
  'the verdict PROVED without pairs': [{ pairs: 0 }, 'NOT_A_PROOF'],
  'a sandbox that the policy does not know': [
    { record: json('environment.json', () => ({ sandbox: { kind: 'none', version: '', enforces: {} } })) },
    'POLICY_MISMATCH',
  ],
  'a network that the policy closes': [
    { record: json('environment.json', () => ({ network: 'allow' })) },
    'POLICY_MISMATCH',
  ],
}

for (const [what, [bend, verdict]] of Object.entries(BENT)) {
  test(`a bundle with ${what} is ${verdict}`, async (t) => {
    const proof = await tempProof(t, bend)
    const [result] = await proof.verify({ allowUnsigned: true })
    t.is(result?.verdict, verdict, result?.reason)
  })
}

test('records that cannot be read are MALFORMED', async (t) => {
  const proof = await tempProof(t, { without: ['bundles', 'index'] })
  for (const path of ['repro.json', 'policy.json', 'environment.json'])
    await proof.put('bundles', encodeLine(resealed(proof.bundle, (files) => files.set(path, bytesOf('{}')))))
  t.is((await proof.verify({ allowUnsigned: true }))[0]?.verdict, 'MALFORMED')
})

test('PASSED_ONCE is accepted where --allow-weak says so', async (t) => {
  const policy = { 'pp.yaml': 'policy: {verify: {runs: 0}}\n' }
  const proof = await tempProof(t, { files: policy, pairs: 0, repro: { verdict: 'PASSED_ONCE' } })
  const [result] = await proof.verify({ allowUnsigned: true, allowWeak: true })
  t.is(result?.verdict, 'PROVED_UNSIGNED', result?.reason)
})

test('a base that is not the parent: TAMPERED', async (t) => {
  const proof = await tempProof(t, {
    kind: 'prove',
    record: json('repro.json', (repro) => ({ base: { ...(repro['base'] as object), commit: '1'.repeat(40) } })),
  })
  const [result] = await proof.verify({ allowUnsigned: true })
  t.is(result?.verdict, 'TAMPERED', result?.reason)
})

test('a loose object planted under the id of another: TAMPERED', async (t) => {
  const proof = await tempProof(t)
  const id = (rev: string) => proof.repo.git('rev-parse', rev)
  await plant(proof.repo, await id('HEAD:add.sh'), await id('HEAD:test.sh'))
  const [result] = await proof.verify({ allowUnsigned: true })
  t.is(result?.verdict, 'TAMPERED', result?.reason)
  t.regex(result?.reason ?? '', /not what its id says/)
})

test('replace refs and grafts change nothing', async (t) => {
  const proof = await tempProof(t)
  const other = await proof.repo.git('commit-tree', 'HEAD^{tree}', '-m', 'no parent')
  await proof.repo.git('replace', proof.commit, other)
  await proof.repo.write('.git/info/grafts', `${proof.commit}\n`)
  const [result] = await proof.verify({ allowUnsigned: true })
  t.is(result?.verdict, 'PROVED_UNSIGNED', result?.reason)
})

test('a base that is not here is INCONCLUSIVE, and nothing is fetched', async (t) => {
  const proof = await tempProof(t)
  const tree = await proof.repo.git('rev-parse', `${proof.base}^{tree}`)
  const { rm } = await import('node:fs/promises')
  await rm(`${proof.repo.dir}/.git/objects/${tree.slice(0, 2)}/${tree.slice(2)}`)
  const [result] = await proof.verify({ allowUnsigned: true })
  t.is(result?.verdict, 'INCONCLUSIVE', result?.reason)
  t.regex(result?.mend ?? '', /fetch/)
})

test('a format of the future is INCONCLUSIVE', async (t) => {
  const proof = await tempProof(t, { without: ['bundles'] })
  await proof.put('bundles', encodeLine(proof.bundle).replace(/"v":1\}$/, '"v":2}'))
  t.is((await proof.verify({ allowUnsigned: true }))[0]?.verdict, 'INCONCLUSIVE')
})

for (const [what, line] of [
  ['deep', '['.repeat(100_000)],
  ['long', `{"v":1,"files":{"a":{"utf8":"${'x'.repeat(2 << 20)}"}}}`],
  ['no JSON', '{'],
] as const) {
  test(`a line that is ${what} is MALFORMED, and an honest one beside it counts`, async (t) => {
    const proof = await tempProof(t, { without: ['bundles', 'index'] })
    await proof.put('bundles', line)
    t.is((await proof.verify({ allowUnsigned: true }))[0]?.verdict, 'MALFORMED')
    await proof.put('bundles', encodeLine(proof.bundle))
    t.is((await proof.verify({ allowUnsigned: true }))[0]?.verdict, 'PROVED_UNSIGNED')
  })
}

test('a note of more than 16 MiB is MALFORMED and not read', async (t) => {
  const proof = await tempProof(t, { without: ['bundles', 'index'] })
  await proof.put('bundles', 'x'.repeat(17 << 20))
  t.is((await proof.verify({ allowUnsigned: true }))[0]?.verdict, 'MALFORMED')
})

test('a path that leads out of the bundle is TAMPERED', async (t) => {
  const proof = await tempProof(t, { without: ['bundles', 'index'] })
  const bytes = bytesOf('x')
  const manifest = [...proof.bundle.manifest, { path: '../out', sha256: sha256(bytes), bytes: 1 }]
  t.throws(() => checked(new Map([...proof.bundle.files, ['../out', bytes]]), manifest))
  const files = new Map([...proof.bundle.files, ['../out', bytes]])
  await proof.put('bundles', encodeLine({ files, manifest, digest: '' }))
  t.is((await proof.verify({ allowUnsigned: true }))[0]?.verdict, 'TAMPERED')
})
