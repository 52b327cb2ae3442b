import test from 'ava'
import { printedText } from '../../../src/engine/core/bytes/plain-text.ts'
import { withFirstLines } from '../../../src/engine/core/failure/index.ts'
import nodeTest from '../../../src/engine/evidence/runners/node-test.ts'
import { execution, ids, project, recorded, run } from './recorded.ts'

const read = (name: string) => {
  const report = nodeTest.read(recorded(name).text)
  return report && withFirstLines(report)
}

for (const name of ['node20-default', 'node20-tap', 'node20-spec', 'node22-spec', 'node22-tap', 'node24-default'])
  test(`${name}: every test is named under its suites, with outcome and reason`, (t) => {
    const report = read(name)
    t.deepEqual(report?.counts, { passed: 1, failed: 2, errors: 0, skipped: 2 })
    t.true(report?.named)
    t.deepEqual(ids(report, 'failed'), ['range > excludes the end', 'range > ids > reads ids'])
    t.deepEqual(ids(report, 'skipped'), ['range > ids > is slow', 'range > ids > does more'])
    t.like(
      report?.tests.find(({ id }) => id.endsWith('reads ids')),
      {
        message: "TypeError: Cannot read properties of undefined (reading 'map')",
        file: '/repo/src/range.js',
        line: 7,
      },
    )
  })

test('dots name the failures only', (t) => {
  t.deepEqual(ids(read('node20-dot'), 'failed'), ['excludes the end', 'reads ids'])
  t.false(read('node20-dot')?.named)
})

test('TAP of any other program is read as well', (t) => {
  t.deepEqual(read('mocha11-tap')?.counts, { passed: 1, failed: 2, errors: 0, skipped: 2 })
  t.deepEqual(ids(read('vitest4-tap'), 'failed'), [
    'test/range.vitest.mjs > range > excludes the end',
    'test/range.vitest.mjs > range > ids > reads ids',
  ])
  const plain = '1..2\nok 1 - adds\nnot ok 2 - subtracts # TODO later\n'
  t.deepEqual(nodeTest.read(plain)?.counts, { passed: 1, failed: 0, errors: 0, skipped: 1 })
})

test('no file, a wrong option and zero tests say nothing about a bug', (t) => {
  const invalid = (text: string, code: number) => nodeTest.invalid(text, execution(text, code))?.reason
  t.is(invalid("Could not find '/repo/nothing'\n", 1), 'node --test found no file: /repo/nothing')
  t.is(invalid('node: bad option: --moon\n', 9), 'node could not start: bad option: --moon')
  t.is(invalid('TAP version 13\n1..0\n', 1), 'no tests ran')
  t.is(invalid(recorded('node20-tap').text, 1), undefined)
})

const modules = {
  'a.test.cjs': "const test = require('node:test')\ntest('one', () => {})",
  'b.test.mjs': "import { describe, it } from 'node:test'\ndescribe('b', () => { it('one', () => {}) })\n",
  'c.test.mjs': "import test from 'node:test'\ntest('one', { only: true }, () => {})\n",
}

for (const [path, text] of Object.entries(modules))
  test(`an added failing test fails in ${path}`, async (t) => {
    const dir = await project(t, { [path]: nodeTest.addFailingTest(path, text, 'pp_added_1') ?? '' })
    const only = text.includes('only') ? ['--test-only'] : []
    const done = await run(dir, [process.execPath, '--test', ...only, path])
    const report = nodeTest.read(printedText(done))
    t.deepEqual(ids(report, 'failed'), ['pp_added_1'])
    t.is(report?.counts.passed, 1)
  })

test('a file that does not use node:test gets no test', (t) => {
  t.is(nodeTest.addFailingTest('a.test.js', "test('one', () => {})\n", 'x'), null)
  t.is(nodeTest.addFailingTest('a.md', "import 'node:test'", 'x'), null)
})

const asserting = {
  'a.test.cjs':
    "const test = require('node:test')\nconst assert = require('node:assert')\n\ntest('one', () => {\n  assert.equal(1, 2)\n  assert(true)\n})\n",
  'b.test.mjs':
    "import { describe, it } from 'node:test'\nimport assert from 'node:assert/strict'\n\ndescribe('b', () => {\n  it('one', async () => {\n    assert.equal(1, 2)\n    await assert.rejects(async () => {})\n  })\n})\n",
}

for (const [path, text] of Object.entries(asserting))
  test(`each way of asserting and each failing test is broken in ${path}`, async (t) => {
    const failing = [path.startsWith('b') ? 'b > one' : 'one', 'gone']
    const { text: broken, words } = nodeTest.breakMore(text, 'w', failing)
    t.deepEqual(words, ['w_own0', 'w_s0', 'w_s1'])
    const dir = await project(t, { [path]: broken })
    const report = nodeTest.read(printedText(await run(dir, [process.execPath, '--test', path])))
    const told = (report?.tests ?? []).filter(({ outcome }) => outcome === 'failed')
    t.deepEqual(told.map(({ id, message }) => [id, message]).slice(0, 1), [[failing[0], 'w_own0']])
    t.deepEqual(
      told
        .slice(1)
        .map(({ id }) => id)
        .sort(),
      ['w_s0', 'w_s1'],
    )
  })
