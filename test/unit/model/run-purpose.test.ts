import test from 'ava'
import { labelOf, type RunPurpose, stepOf } from '../../../src/engine/model/run-purpose.ts'

/** Every label that a session writes, as it stands in records and in JSON answers. */
const labels: readonly (readonly [string, RunPurpose])[] = [
  ['base', { is: 'base' }],
  ['base 2', { is: 'base', n: 2 }],
  ['base, judges writable', { is: 'base', judges: 'writable' }],
  ["base with the base's judges", { is: 'base-judges' }],
  ['base with its own tests', { is: 'base-tests' }],
  ['base with its own tests once more', { is: 'base-tests', again: true }],
  ['base with its own tests 1', { is: 'base-tests', n: 1 }],
  ['attempt 2', { is: 'attempt', n: 2 }],
  ['attempt 12 once more', { is: 'attempt', n: 12, again: true }],
  ['attempt 2 once more, judges writable', { is: 'attempt', n: 2, again: true, judges: 'writable' }],
  ['change', { is: 'change' }],
  ['change once more', { is: 'change', again: true }],
  ['minimise', { is: 'minimise' }],
  ['red 1', { is: 'red', n: 1 }],
  ['green 1', { is: 'green', n: 1 }],
  ['green 10, judges writable', { is: 'green', n: 10, judges: 'writable' }],
  ['without 3', { is: 'without', n: 3 }],
  ['with 100', { is: 'with', n: 100 }],
  ["green with the base's judges", { is: 'green-base-judges' }],
  ["green with the base's judges 2", { is: 'green-base-judges', n: 2 }],
  ["once more with the base's judges", { is: 'green-base-judges', again: true }],
  ["once more with the base's judges, judges writable", { is: 'green-base-judges', again: true, judges: 'writable' }],
  ["green with the base's judges and the tests that the command names", { is: 'green-named-tests' }],
  [
    "green with the base's judges and the tests that the command names, once more",
    { is: 'green-named-tests', again: true },
  ],
  ["red with the change's judges", { is: 'red-change-judges' }],
  ["red with the change's judges 3", { is: 'red-change-judges', n: 3 }],
  ["once more with the change's judges", { is: 'red-change-judges', again: true }],
  ['separate command', { is: 'also' }],
  ['separate command once more', { is: 'also', again: true }],
  ['added failing test', { is: 'added-test' }],
  ['added failing test once more', { is: 'added-test', again: true }],
  ['added failing test, without the change', { is: 'added-test-without' }],
  ['without those tests', { is: 'left-out' }],
  ['probe: changed files', { is: 'probe-changed' }],
  ['probe: all product files', { is: 'probe-product' }],
  ['probe: without what the output names', { is: 'probe-named' }],
  ['probe: all tests and configuration', { is: 'probe-judges' }],
  ['list of tests without the change', { is: 'list-without' }],
  ['list of tests with the change', { is: 'list-with' }],
  ['trial', { is: 'trial' }],
  ['final', { is: 'final' }],
]

for (const [label, step] of labels)
  test(`the label "${label}" stands for one step, and the step for that label`, (t) => {
    t.is(labelOf(step), label)
    t.deepEqual(stepOf(label), step)
  })

test('a label that no session writes stands for no step', (t) => {
  const foreign = ['', 'red', 'attempt', 'attempt 0', 'attempt 01', 'red  1', 'red 1 ', 'Base', 'once more', 'basement']
  const others = ["green with the base's judges once more", 'base, judges writable, judges writable', '__proto__']
  for (const label of [...foreign, ...others]) t.is(stepOf(label), null, label)
})
