import test from 'ava'
import { withFirstLines } from '../../../src/engine/core/failure/index.ts'
import ava from '../../../src/engine/evidence/runners/ava.ts'
import jest from '../../../src/engine/evidence/runners/jest.ts'
import mocha from '../../../src/engine/evidence/runners/mocha.ts'
import vitest from '../../../src/engine/evidence/runners/vitest.ts'
import type { Runner } from '../../../src/engine/ports/runner.ts'
import { ids, recorded } from './recorded.ts'

function read(runner: Runner, name: string) {
  const { text, execution } = recorded(name)
  const report = runner.read(text, execution)
  return report && withFirstLines(report)
}

function reason(runner: Runner, name: string) {
  const { text, execution } = recorded(name)
  return runner.invalid(text, execution)?.reason
}

const thrown = "TypeError: Cannot read properties of undefined (reading 'map')"

for (const name of ['jest29-default', 'jest30-default', 'jest30-verbose', 'jest30-json'])
  test(`${name}: every test is named under file and suites`, (t) => {
    const report = read(jest, name)
    t.deepEqual(report?.counts, { passed: 1, failed: 2, errors: 0, skipped: 2 })
    t.true(report?.named)
    t.deepEqual(ids(report, 'passed'), ['test/range.jest.js > range > starts at from'])
    t.like(report?.tests[2], { id: 'test/range.jest.js > range > ids > reads ids', outcome: 'failed', message: thrown })
    t.like(report?.tests[2], { file: 'src/range.js', line: 7 })
  })

test('jest: several files hide what passed, and a file that cannot run is an error', (t) => {
  const report = read(jest, 'jest30-files')
  t.deepEqual(report?.counts, { passed: 3, failed: 2, errors: 3, skipped: 2 })
  t.false(report?.named)
  t.deepEqual(ids(report, 'error'), ['more/c.jest.js', 'more/e.jest.js', 'more/d.jest.js'])
  t.true(read(jest, 'jest30-files-verbose')?.named)
})

for (const name of [
  'vitest2-default',
  'vitest2-verbose',
  'vitest4-default',
  'vitest4-dot',
  'vitest4-verbose',
  'vitest4-tap',
])
  test(`${name}: counts and failures`, (t) => {
    const report = read(vitest, name)
    t.deepEqual(report?.counts, { passed: 1, failed: 2, errors: 0, skipped: 2 })
    t.deepEqual(ids(report, 'failed'), [
      'test/range.vitest.mjs > range > excludes the end',
      'test/range.vitest.mjs > range > ids > reads ids',
    ])
    t.is(report?.tests.find(({ id }) => id.endsWith('reads ids'))?.message, thrown)
  })

test('vitest: the verbose reporter names every test, and a file that cannot run is an error', (t) => {
  t.true(read(vitest, 'vitest4-verbose')?.named)
  t.false(read(vitest, 'vitest4-default')?.named)
  t.deepEqual(ids(read(vitest, 'vitest4-files'), 'error'), [
    'more/c.vitest.mjs',
    'more/d.vitest.mjs',
    'more/e.vitest.mjs',
  ])
})

for (const name of ['mocha10-spec', 'mocha11-spec', 'mocha11-dot', 'mocha11-list'])
  test(`${name}: counts and failures`, (t) => {
    const report = read(mocha, name)
    t.deepEqual(report?.counts, { passed: 1, failed: 2, errors: 0, skipped: 2 })
    t.deepEqual(ids(report, 'failed'), ['range > excludes the end', 'range > ids > reads ids'])
    t.like(
      report?.tests.find(({ id }) => id.endsWith('reads ids')),
      { message: thrown, file: 'src/range.js', line: 7 },
    )
  })

test('mocha: the spec reporter names every test, others do not', (t) => {
  t.true(read(mocha, 'mocha11-spec')?.named)
  t.deepEqual(ids(read(mocha, 'mocha11-files'), 'passed'), ['range > starts at from', 'range > ends early'])
  t.false(read(mocha, 'mocha11-list')?.named)
})

test('mocha: a hook that fails is a failure', (t) => {
  t.true(ids(read(mocha, 'mocha11-files'), 'failed').includes('hooks > "before each" hook for "is never reached"'))
})

for (const name of ['ava6-default', 'ava7-default'])
  test(`${name}: every test is named, with why and where it failed`, (t) => {
    const report = read(ava, name)
    t.deepEqual(report?.counts, { passed: 1, failed: 2, errors: 0, skipped: 3 })
    t.true(report?.named)
    t.deepEqual(ids(report, 'failed'), ['excludes the end', 'reads ids'])
    t.deepEqual(ids(report, 'xfailed'), ['is known to fail'])
    t.like(report?.tests[3], { file: 'test/range.ava.mjs', line: 8 })
    t.like(report?.tests[4], { message: thrown, file: '/repo/src/range.js', line: 7 })
  })

test('ava: files that crash or hold no tests are errors', (t) => {
  const report = read(ava, 'ava7-files')
  t.deepEqual(report?.counts, { passed: 2, failed: 2, errors: 2, skipped: 3 })
  t.deepEqual(ids(report, 'error').sort(), ['test/c.ava.mjs', 'test/d.ava.mjs'])
  t.true(ids(report, 'failed').includes('range.ava › reads ids'))
})

test('ava and mocha speak TAP too', (t) => {
  t.deepEqual(read(ava, 'ava7-tap')?.counts, { passed: 2, failed: 2, errors: 0, skipped: 2 })
  t.deepEqual(ids(read(mocha, 'mocha11-tap'), 'failed'), ['range excludes the end', 'range ids reads ids'])
})

test('what passed is counted', (t) => {
  t.is(read(jest, 'jest30-passed')?.counts.passed, 2)
  t.is(read(vitest, 'vitest4-passed')?.counts.passed, 1)
  t.is(read(mocha, 'mocha11-passed')?.counts.passed, 1)
  t.is(read(ava, 'ava7-passed')?.counts.passed, 1)
})

test('no tests and wrong options say nothing about a bug', (t) => {
  t.is(reason(jest, 'jest30-none'), 'jest found no tests')
  t.is(reason(jest, 'jest29-usage'), 'jest could not start: Unrecognized option "nosuchoption".')
  t.is(reason(vitest, 'vitest4-none'), 'vitest found no tests')
  t.is(reason(vitest, 'vitest4-usage'), 'vitest could not start: Unknown option `--nosuchoption`')
  t.is(reason(mocha, 'mocha11-none'), 'mocha: No test files found: "test/nothing.js"')
  t.is(reason(mocha, 'mocha11-empty'), 'mocha found no tests')
  t.regex(reason(ava, 'ava7-none') ?? '', /did not match the filters$/)
  t.is(reason(ava, 'ava6-empty'), 'ava found no tests in the files that it was given')
})

test('real failures are never a usage error', (t) => {
  t.is(reason(jest, 'jest30-files'), undefined)
  t.is(reason(vitest, 'vitest4-files'), undefined)
  t.is(reason(mocha, 'mocha11-files'), undefined)
  t.is(reason(ava, 'ava7-files'), undefined)
})

const call = ";NAME('pp', () => {\n  throw new Error('pp')\n})\n"
const added: [Runner, string, string, string][] = [
  [jest, 'a.test.js', "test('one', () => {})", call.replace('NAME', 'test')],
  [jest, 'a.test.ts', "it.only('one', () => {})\n", call.replace('NAME', 'test.only')],
  [
    jest,
    'a.test.js',
    "const { it } = require('@jest/globals')\nit('one', () => {})\n",
    call.replace('NAME', "require('@jest/globals').test"),
  ],
  [
    vitest,
    'a.test.ts',
    "import { it } from 'vitest'\n",
    `import { test as pp } from 'vitest'\n${call.replace('NAME', 'pp')}`,
  ],
  [mocha, 'a.js', "describe('d', () => { it('one', () => {}) })\n", call.replace('NAME', 'it')],
  [mocha, 'a.js', "suite('d', () => { test('one', () => {}) })\n", call.replace('NAME', 'test')],
  [ava, 'a.js', "import test from 'ava'\n", "import pp from 'ava'\n;pp('pp', (t) => t.fail('pp'))\n"],
  [ava, 'a.cjs', "const test = require('ava')\n", ";require('ava')('pp', (t) => t.fail('pp'))\n"],
]

for (const [runner, path, text, block] of added)
  test(`${runner.kind}: a failing test is added to ${JSON.stringify(text.slice(0, 40))}`, (t) => {
    t.is(runner.addFailingTest(path, text, 'pp'), `${text.trimEnd()}\n\n${block}`)
  })

test('a file of another runner gets no test', (t) => {
  t.is(jest.addFailingTest('a.test.js', "import { test } from 'vitest'\ntest('a', () => {})", 'pp'), null)
  t.is(vitest.addFailingTest('a.test.js', "const test = require('node:test')\ntest('a', () => {})", 'pp'), null)
  t.is(mocha.addFailingTest('a.test.js', "import test from 'ava'\ntest('a', () => {})", 'pp'), null)
  t.is(ava.addFailingTest('a.test.js', "test('a', () => {})", 'pp'), null)
})
