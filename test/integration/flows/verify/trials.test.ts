import type { ExecutionContext } from 'ava'
import type { VerifyOptions } from '../../../../src/engine/model/options.ts'
import { trusting } from '../../../helpers/forgeries/case.ts'
import { json, resealed } from '../../../helpers/forgeries/edits.ts'
import { type Bend, type Proof, tempProof } from '../../../helpers/proof.ts'
import { oneIn } from '../../../helpers/sample.ts'

const test = oneIn(2)

/** 7 of 20, so that p is 0.0042. */
const FAILED = Array.from({ length: 20 }, (_, k) => k < 14 && k % 2 === 0)
const POLICY = 'proof_targets:\n  - {name: command, cmd: "sh test.sh"}\n'
const ACCEPTING = `${POLICY}policy:\n  verify: {accept: [fix, flaky]}\n`

async function signed(t: ExecutionContext, bend: Bend = {}): Promise<Proof> {
  const proof = await tempProof(t, { failed: FAILED, ...bend })
  await proof.put('attestations', await proof.sign(proof.statement()))
  return proof
}

async function word(proof: Proof, ask: Partial<VerifyOptions> = {}): Promise<readonly [string, string]> {
  const [found] = await proof.verify({ ...(await trusting(proof)), ...ask })
  return [found?.verdict ?? 'nothing', found?.reason ?? '']
}

test('a change that made a command fail less often is STABILIZED, with both counts and the chance', async (t) => {
  const [verdict, reason] = await word(await signed(t))
  t.is(verdict, 'STABILIZED', reason)
  t.regex(reason, /^failed 7 of 20 without the change, 0 of 20 with it \(p = 0\.004\); signed by /)
})

test('nobody signed it: UNSIGNED, or STABILIZED_UNSIGNED where that is accepted', async (t) => {
  const proof = await tempProof(t, { failed: FAILED })
  t.is((await word(proof))[0], 'UNSIGNED')
  t.is((await word(proof, { key: [], allowUnsigned: true }))[0], 'STABILIZED_UNSIGNED')
})

test('one failure less in the evidence, and it is not told apart any more', async (t) => {
  const [verdict, reason] = await word(await signed(t, { failed: FAILED.map((fails, k) => fails && k !== 0) }))
  t.is(verdict, 'NOT_A_PROOF')
  t.regex(reason, /chance could explain the difference: failed 6 of 20 .* \(p = 0\.010\)/)
})

test('counts that are told otherwise than the evidence has them are no proof', async (t) => {
  const trials = { without: { runs: 20, failed: 9 }, with: { runs: 20, failed: 0 }, p: 0.000614 }
  t.is((await word(await signed(t, { repro: { trials } })))[0], 'NOT_A_PROOF')
  t.is((await word(await signed(t, { repro: { counts: { reds: 20, greens: 20 } } })))[0], 'NOT_A_PROOF')
})

test('a run with the change that failed, or was of another tree, or was left out, is no proof', async (t) => {
  const path = 'verification/6_green/command/evidence.json'
  const red = { ended: { how: 'exited', code: 1 }, reading: { is: 'red', reason: 'exited 1', failing: [] } }
  for (const record of [
    json(path, () => red),
    json(path, () => ({ tree: '1'.repeat(40) })),
    (files: Map<string, Uint8Array>) => void files.delete(path),
  ]) {
    const [verdict, reason] = await word(await signed(t, { record }))
    t.is(verdict, 'NOT_A_PROOF', reason)
    t.regex(reason, /pair 6 of 20/)
  }
})

test('a run without the change that was of the changed tree is no proof', async (t) => {
  const other = json('verification/2_red/command/evidence.json', () => ({ tree: '1'.repeat(40) }))
  t.is((await word(await signed(t, { record: other })))[0], 'NOT_A_PROOF')
})

test('counts and evidence forged together, after it was signed, are TAMPERED', async (t) => {
  const proof = await tempProof(t, { failed: FAILED, kind: 'prove', without: ['bundles'] })
  await proof.put('attestations', await proof.sign(proof.statement()))
  const green = { ended: { how: 'exited', code: 1 }, reading: { is: 'red', reason: 'exited 1', failing: [] } }
  const trials = { without: { runs: 20, failed: 8 }, with: { runs: 20, failed: 0 }, p: 0.001639 }
  const counts = { reds: 8, greens: 20 }
  const forged = resealed(proof.bundle, (files) => {
    json('verification/20_red/command/evidence.json', () => green)(files)
    json('repro.json', () => ({ trials, counts }))(files)
  })
  await proof.put('bundles', forged)
  t.is((await word(proof))[0], 'TAMPERED')
})

test('a proof of a fix cannot say besides how often it failed', async (t) => {
  const trials = { without: { runs: 20, failed: 20 }, with: { runs: 20, failed: 0 }, p: 0.000001 }
  const [verdict, reason] = await word(await signed(t, { failed: null, repro: { trials } }))
  t.is(verdict, 'NOT_A_PROOF', reason)
})

test('a gate lets it through only where its policy accepts the kind flaky', async (t) => {
  const strict = await signed(t, { files: { 'pp.yaml': POLICY } })
  const [verdict, reason] = await word(strict, { policyFrom: 'HEAD^' })
  t.is(verdict, 'POLICY_MISMATCH')
  t.regex(reason, /the policy does not accept STABILIZED: verify\.accept is \[fix\]; add flaky to it/)
  const open = await signed(t, { files: { 'pp.yaml': ACCEPTING } })
  t.is((await word(open, { policyFrom: 'HEAD^' }))[0], 'STABILIZED')
})

test('a gate does not mind what else the author accepts, where the proof is one of a fix', async (t) => {
  const wider = json('policy.json', ({ verify }) => ({ verify: { ...(verify as object), accept: ['fix', 'flaky'] } }))
  const proof = await signed(t, { failed: null, files: { 'pp.yaml': POLICY }, record: wider })
  const [verdict, reason] = await word(proof, { policyFrom: 'HEAD^' })
  t.is(verdict, 'PROVED', reason)
})

test('a policy of the base that states the kind fix alone is not silenced by leaving the gate out', async (t) => {
  const stated = `${POLICY}policy:\n  verify: {accept: [fix]}\n`
  t.is((await word(await signed(t, { files: { 'pp.yaml': stated } })))[0], 'POLICY_MISMATCH')
  t.is((await word(await signed(t, { files: { 'pp.yaml': POLICY } })))[0], 'STABILIZED')
  const laxer = json('policy.json', ({ verify }) => ({ verify: { ...(verify as object), accept: ['fix', 'flaky'] } }))
  const [verdict, reason] = await word(await signed(t, { files: { 'pp.yaml': stated }, record: laxer }))
  t.is(verdict, 'POLICY_MISMATCH')
  t.regex(reason, /verify\.accept was fix, flaky, but must be fix/)
})
