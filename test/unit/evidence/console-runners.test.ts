import test from 'ava'
import { readTestOutput } from '../../../src/engine/evidence/read-test-output.ts'
import { runners } from '../../../src/engine/evidence/runners/index.generated.ts'
import { recordedFailures } from '../../support/recorded-failures.ts'
import { execution, ids, recorded } from './recorded.ts'

const all = recordedFailures()

/** How a runner counts: passed, failed, errors, skipped. */
type Counts = readonly [passed: number, failed: number, errors: number, skipped: number]

const green: readonly (readonly [kind: string, name: string, counts: Counts])[] = [
  ['rspec', 'rspec-passed', [1, 0, 0, 1]],
  ['minitest', 'minitest-passed', [1, 0, 0, 1]],
  ['test-unit', 'testunit-passed', [1, 0, 0, 1]],
  ['phpunit', 'phpunit-passed', [1, 0, 0, 0]],
  ['phpunit', 'phpunit-skipped', [1, 0, 0, 1]],
  ['jasmine', 'jasmine-passed', [1, 0, 0, 1]],
  ['uvu', 'uvu-passed', [1, 0, 0, 1]],
  ['uvu', 'uvu-suite', [0, 1, 0, 1]],
  ['node-tap', 'nodetap-passed', [1, 0, 0, 0]],
  ['prove', 'prove-passed', [2, 0, 0, 0]],
  ['catch2', 'catch-passed', [2, 0, 0, 0]],
  ['doctest', 'doctest-passed', [1, 0, 0, 1]],
  ['junit-console', 'junit-passed', [1, 0, 0, 1]],
]

const red: readonly (readonly [kind: string, name: string, counts: Counts])[] = [
  ['rspec', 'rspec-documentation', [60, 4, 0, 0]],
  ['minitest', 'minitest-verbose', [60, 5, 0, 0]],
  ['test-unit', 'test-unit', [60, 5, 0, 0]],
  ['phpunit', 'phpunit', [61, 4, 0, 0]],
  ['phpunit', 'phpunit-testdox', [61, 4, 0, 0]],
  ['jasmine', 'jasmine', [60, 4, 0, 0]],
  ['uvu', 'uvu', [60, 4, 0, 0]],
  ['node-tap', 'tap-base', [60, 4, 0, 0]],
  ['prove', 'prove', [62, 5, 1, 0]],
  ['catch2', 'catch2', [60, 3, 0, 0]],
  ['doctest', 'doctest', [60, 3, 0, 0]],
  ['junit-console', 'junit-console-tree', [60, 4, 0, 0]],
]

function countsOf([passed, failed, errors, skipped]: Counts) {
  return { passed, failed, errors, skipped }
}

for (const [kind, name, counts] of green)
  test(`${name}: what ran is counted`, (t) => {
    const { tests, invalid } = readTestOutput('make test', recorded(name).execution, runners)
    t.like(tests, { runner: kind, counts: countsOf(counts) })
    t.is(invalid, null)
  })

for (const [kind, name, counts] of red)
  test(`${name}: what ran is counted, and what failed is named`, (t) => {
    const { output = '', status = 1 } = all.find((one) => one.name === name) ?? {}
    const { tests } = readTestOutput('make test', execution(output, status), runners)
    t.like(tests, { runner: kind, counts: countsOf(counts) })
    t.is(ids(tests, 'failed', 'error').length, counts[1] + counts[2])
  })

for (const [name, reason] of [
  ['rspec-none', 'rspec ran no tests'],
  ['catch-none', 'catch2 ran no tests'],
] as const)
  test(`${name} shows nothing about a bug`, (t) => {
    t.is(readTestOutput('make test', recorded(name).execution, runners).invalid?.reason, reason)
  })
