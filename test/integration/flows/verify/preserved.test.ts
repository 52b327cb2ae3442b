import test, { type ExecutionContext } from 'ava'
import type { VerifyOptions } from '../../../../src/engine/model/options.ts'
import { Repro } from '../../../../src/engine/model/proof.ts'
import { statusOfVerification, type Verification } from '../../../../src/engine/model/verification.ts'
import { trusting } from '../../../helpers/forgeries/case.ts'
import { json } from '../../../helpers/forgeries/edits.ts'
import { type Bend, type Proof, tempProof } from '../../../helpers/proof.ts'

const SWAPPED = { 'add.sh': 'echo $(($2 - $1))\n' }
const POLICY = 'proof_targets:\n  - {name: command, cmd: "sh test.sh"}\n'
const accepting = (verify: string) => `${POLICY}policy:\n  verify: {${verify}}\n`

async function signed(t: ExecutionContext, bend: Bend = {}): Promise<Proof> {
  const proof = await tempProof(t, { preserved: true, change: SWAPPED, ...bend })
  await proof.put('attestations', await proof.sign(proof.statement()))
  return proof
}

async function found(proof: Proof, ask: Partial<VerifyOptions> = {}): Promise<Verification> {
  const [one] = await proof.verify({ ...(await trusting(proof)), ...ask })
  if (!one) throw new Error('no answer')
  return one
}

async function refused(t: ExecutionContext, bend: Bend, reason: RegExp): Promise<void> {
  const one = await found(await signed(t, bend), { acceptRefactor: true })
  t.is(one.verdict, 'NOT_A_PROOF', one.reason)
  t.regex(one.reason, reason)
}

test('a change without a red is PRESERVED, with status 0 only where that is accepted', async (t) => {
  const proof = await signed(t)
  const one = await found(proof)
  t.is(one.verdict, 'PRESERVED', one.reason)
  t.regex(one.reason, /^3 green without the change, 3 green with it; executed 1 of 2 changed lines; signed by /)
  t.deepEqual([one.accepted, statusOfVerification(one)], [false, 1])
  const taken = await found(proof, { acceptRefactor: true })
  t.deepEqual([taken.verdict, taken.accepted, statusOfVerification(taken)], ['PRESERVED', true, 0])
})

test('nobody signed it: UNSIGNED, or PRESERVED_UNSIGNED where that is accepted', async (t) => {
  const proof = await tempProof(t, { preserved: true, change: SWAPPED })
  t.is((await found(proof, { acceptRefactor: true })).verdict, 'UNSIGNED')
  t.is((await found(proof, { key: [], allowUnsigned: true })).verdict, 'PRESERVED_UNSIGNED')
})

test('a gate decides by its policy; what was typed counts only where that states nothing', async (t) => {
  const asked = async (policy: string, ask: Partial<VerifyOptions> = {}) => {
    const one = await found(await signed(t, { files: { 'pp.yaml': policy } }), { policyFrom: 'HEAD^', ...ask })
    return [one.verdict, statusOfVerification(one)]
  }
  t.deepEqual(await asked(accepting('accept: [fix, refactor]')), ['PRESERVED', 0])
  t.deepEqual(await asked(POLICY), ['POLICY_MISMATCH', 1])
  t.deepEqual(await asked(POLICY, { acceptRefactor: true }), ['PRESERVED', 0])
  t.deepEqual(await asked(accepting('accept: [fix]'), { acceptRefactor: true }), ['POLICY_MISMATCH', 1])
  t.deepEqual(await asked(accepting('accept: [refactor], min_executed: 50')), ['PRESERVED', 0])
  t.deepEqual(await asked(accepting('accept: [refactor], min_executed: 51')), ['NOT_A_PROOF', 1])
})

test('a run that failed, was of another tree or is missing is no proof', async (t) => {
  const red = { ended: { how: 'exited', code: 1 }, reading: { is: 'red', reason: 'exited 1', failing: [] } }
  const runs: readonly (readonly [string, RegExp])[] = [
    ['attempts/0_baseline', /without the change: /],
    ['attempts/1', /no run with the change/],
    ['verification/2_red', /run 2 of 3 without the change/],
    ['verification/3_green', /run 3 of 3 with the change/],
  ]
  for (const [folder, reason] of runs) {
    const path = `${folder}/command/evidence.json`
    await refused(t, { record: json(path, () => red) }, reason)
    await refused(t, { record: json(path, () => ({ tree: '1'.repeat(40) })) }, reason)
    await refused(t, { record: (files) => void files.delete(path) }, reason)
  }
})

test('numbers that the record does not bear out are no proof', async (t) => {
  const executed = (more: object) => ({
    repro: { executed: { lines: 2, ran: 1, notRun: [], notMeasured: [], ...more } },
  })
  await refused(t, executed({}), /1 of 2 lines ran, but lists 0 others/)
  await refused(t, executed({ lines: 9, ran: 9 }), /counts 9 changed lines, but the change touches 2/)
  await refused(t, executed({ lines: 0, ran: 0 }), /changes no line that can run/)
  await refused(t, { repro: { counts: { reds: 0, greens: 3, before: 4 } } }, /claims 4 green runs without/)
  await refused(t, { repro: { counts: { reds: 1, greens: 3, before: 3 } } }, /claims 3 green runs/)
  await refused(t, { repro: { needs: ['data.json'] } }, /says more than a record of PRESERVED can say/)
})

test('a run in which no test was counted is no proof', async (t) => {
  const record = json('attempts/1/command/evidence.json', () => ({ tests: null }))
  await refused(t, { record }, /no runner named or counted a test/)
})

test('a change of judges is no proof, and the green runs of a refactoring are none of PROVED', async (t) => {
  const edits = { change: { ...SWAPPED, 'test.sh': 'true\n' } }
  await refused(t, edits, /may not edit what decides, but it edits test\.sh/)
  await refused(t, { change: { ...SWAPPED, 'conftest.py': '' } }, /it edits conftest\.py/)
  const proved = { verdict: 'PROVED' as const, counts: { reds: 3, greens: 3 } }
  await refused(t, { repro: proved }, /says which lines tests ran, which only a record of PRESERVED does/)
  const repro = { v: 3 as const, ...proved }
  const record = json('repro.json', ({ executed: _, ...rest }) => ({ ...rest, executed: undefined }))
  await refused(t, { repro, record }, /the base: it is not red/)
})

test('a record of an earlier version cannot say it', async (t) => {
  const { repro } = await signed(t)
  const { executed: _, ...proved } = { ...repro, v: 3, verdict: 'PROVED', counts: { reds: 3, greens: 3 } }
  t.true(Repro.safeParse(proved).success)
  t.false(Repro.safeParse({ ...repro, v: 3 }).success)
  t.false(Repro.safeParse({ ...proved, verdict: 'PRESERVED' }).success)
  t.false(Repro.safeParse({ ...proved, executed: repro.executed }).success)
  t.false(Repro.safeParse({ ...proved, counts: repro.counts }).success)
})
