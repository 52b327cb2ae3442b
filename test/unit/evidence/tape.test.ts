import test from 'ava'
import { readTestOutput } from '../../../src/engine/evidence/read-test-output.ts'
import { runners } from '../../../src/engine/evidence/runners/index.generated.ts'
import tape from '../../../src/engine/evidence/runners/tape.ts'
import { ids, recorded } from './recorded.ts'

for (const [name, equal, same] of [
  ['tape5-default', 'should be strictly equal', 'should be deeply equivalent'],
  ['tape4-default', 'should be equal', 'should be equivalent'],
] as const)
  test(`${name}: a test has the name of its title, and says what was expected and what was there`, (t) => {
    const report = tape.read(recorded(name).text)
    t.deepEqual(report?.counts, { passed: 2, failed: 2, errors: 0, skipped: 0 })
    t.true(report?.named)
    t.deepEqual(ids(report, 'passed'), ['starts at from', 'starts at from (2)'])
    t.deepEqual(
      report?.tests.filter(({ outcome }) => outcome === 'failed'),
      [
        {
          ...{ id: 'excludes the end', outcome: 'failed', file: '/repo/test/range.js', line: 11 },
          message: `${equal}: expected 2, actual 3`,
        },
        { id: 'ids', outcome: 'failed', file: '/repo/test/range.js', line: 21, message: 'nothing is an error' },
      ],
    )
    t.false(JSON.stringify(report).includes(same), 'one test fails once')
  })

test('a run that broke off names the test in which it did', (t) => {
  const report = tape.read(recorded('tape5-crash').text)
  t.deepEqual(ids(report, 'failed'), ['reads ids'])
  t.deepEqual(ids(report, 'passed'), ['starts at from'])
})

test('whatever the command is called, tape alone is heard, and TAP of others is not its', (t) => {
  for (const name of ['tape5-default', 'tape5-crash', 'tape5-passed']) {
    const { tests, runner } = readTestOutput('npm test', recorded(name).execution, Object.values(runners))
    t.deepEqual([runner?.kind, tests?.runner], ['tape', 'tape'])
  }
  for (const name of ['node20-tap', 'node22-tap', 'ava7-tap', 'mocha11-tap', 'vitest4-tap', 'node20-spec'])
    t.false(tape.recognises('npm test', recorded(name).text), name)
})

test('values of several lines stand on one', (t) => {
  const values = '    expected: |-\n      { a: 1,\n        b: 2 }\n    actual: |-\n      { a: 1 }\n'
  const report = tape.read(`TAP version 13\n# reads\nnot ok 1 same\n  ---\n    operator: deepEqual\n${values}  ...\n`)
  t.is(report?.tests[0]?.message, 'same: expected { a: 1, b: 2 }, actual { a: 1 }')
})

test('a failing test is added to files of tape alone', (t) => {
  const added = (text: string) => tape.addFailingTest('test/a.js', text, 'pp_added_1')
  t.regex(added("const test = require('tape')\n") ?? '', /;require\('tape'\)\('pp_added_1', /)
  t.regex(added("import test from 'tape'\n") ?? '', /import pp_added_1 from 'tape'\n;pp_added_1\(/)
  t.is(added("import test from 'ava'\n"), null)
  t.is(added("const test = require('tape')\ntest.only('a', f)\n"), null)
})
