import test from 'ava'
import { gateRules } from '../../../../src/engine/core/policy/index.ts'
import { PolicyFile } from '../../../../src/engine/model/policy-file.ts'

const layer = (values: unknown, root = '') => ({ from: 'file' as const, root, values: PolicyFile.parse(values) })
const target = { name: 'unit', cmd: 'true' }

test('nothing said: no least deadline, old failures send back once, every file is covered', (t) => {
  const rules = gateRules([layer({ proof_targets: [target] })])
  t.is(rules.minDeadlineMs, 0)
  t.is(rules.oldFailures, 'once')
  t.true(rules.covers('unit', 'README.md'))
})

test('of several layers the strictest counts', (t) => {
  const gate = (one: object) => layer({ policy: { gate: one } })
  const rules = gateRules([gate({ min_deadline_sec: 90, old_failures: 'remark' }), gate({ min_deadline_sec: 30 })])
  t.is(rules.minDeadlineMs, 90_000)
  t.is(rules.oldFailures, 'remark')
  t.is(gateRules([gate({ old_failures: 'remark' }), gate({ old_failures: 'block' })]).oldFailures, 'block')
})

test('only signers whom every layer names that names any stand for a job', (t) => {
  const gate = (...names: string[]) => layer({ policy: { gate: { covered_by: names } } })
  t.deepEqual(gateRules([layer({})]).coveredBy, [])
  t.deepEqual(gateRules([gate('ci', 'me'), layer({})]).coveredBy, ['ci', 'me'])
  t.deepEqual(gateRules([gate('ci', 'me'), gate('me')]).coveredBy, ['me'])
})

test('a target with paths covers these alone, below the directory of its policy', (t) => {
  const { covers } = gateRules([layer({ proof_targets: [{ ...target, paths: ['src/**', '*.toml'] }] }, 'packages/a')])
  t.true(covers('unit', 'packages/a/src/x.py'))
  t.true(covers('unit', 'packages/a/setup.toml'))
  t.false(covers('unit', 'packages/a/docs/x.md'))
  t.false(covers('unit', 'src/x.py'))
})
