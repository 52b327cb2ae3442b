import test from 'ava'
import type { TestCalls } from '../../../../src/engine/model/trace.ts'
import type { Tracer } from '../../../../src/engine/ports/tracer.ts'
import { proving, type Story } from '../../../support/fakes.ts'
import { type Program, tests } from '../../../support/sandbox.ts'

const BASE = { 'calc.js': 'right and even\n', 'test/calc.test.js': 'adds: calc.js has right\n' }
const REORDERED = { 'calc.js': 'even and right\n' }

/** A tracer that tells of these lines of calc.js that they ran while tests were called; null: it cannot tell. */
function tracerOf(ran: readonly number[] | null): Tracer {
  const calls: TestCalls = { ran: new Map([['calc.js', new Set(ran)]]), runnable: new Map([['calc.js', new Set([1])]]) }
  return {
    kind: 'fake',
    traces: (path) => path.endsWith('.js'),
    files: () => new Map(),
    env: () => ({ TRACED: '1' }),
    read: async () => null,
    calls: { env: () => ({}), read: async () => (ran === null ? null : calls) },
  }
}

const refactoring = (more: Partial<Story> = {}, ran: readonly number[] | null = [1]) =>
  proving({ base: BASE, change: REORDERED, tracers: [tracerOf(ran)], options: { mode: 'refactor' }, ...more })

test('a change without a red whose lines tests run is PRESERVED', async (t) => {
  const result = await refactoring()
  t.is(result.verdict, 'PRESERVED', result.reason)
  t.deepEqual(result.executed, { lines: 2, ran: 2, notRun: [], notMeasured: [] })
  t.deepEqual(result.counts, { reds: 0, greens: 3, before: 3 })
  t.deepEqual(
    result.runs.map(({ on }) => on).filter((on) => /^(base|change|with|without)/.test(on)),
    ['base', 'base 2', 'change', 'without 2', 'with 2', 'without 3', 'with 3'],
  )
})

test('without, with and without again is the least, whatever --runs says', async (t) => {
  for (const runs of [0, 1]) {
    const { counts } = await refactoring({ policy: `policy: {verify: {runs: ${runs}}}\n` })
    t.deepEqual(counts, { reds: 0, greens: 1, before: 2 })
  }
})

test('it is answered only if it was asked for, or if the policy accepts it', async (t) => {
  t.is((await refactoring({ options: {} })).verdict, 'NOT_RED')
  t.is((await refactoring({ options: { mode: 'fix' } })).verdict, 'NOT_RED')
  t.is((await refactoring({ options: { mode: 'auto' } })).verdict, 'PRESERVED')
  const policy = 'policy: {verify: {accept: [fix, refactor]}}\n'
  t.is((await refactoring({ options: {}, policy })).verdict, 'PRESERVED')
  t.is((await refactoring({ options: { mode: 'fix' }, policy })).verdict, 'NOT_RED')
  const only = 'policy: {verify: {accept: [fix]}}\n'
  t.is((await refactoring({ options: { mode: 'auto' }, policy: only })).verdict, 'NOT_RED')
})

test('a change of which tests run no line is NOT_RED, and the answer lists the lines', async (t) => {
  const result = await refactoring({}, [])
  t.is(result.verdict, 'NOT_RED')
  t.regex(result.reason, /no test runs a changed line: executed 0 of 2 changed lines/)
  t.is(result.executed?.notRun.length, 2)
  t.is(result.final, null)
})

test('the policy may ask for a part of the lines', async (t) => {
  const change = { 'calc.js': 'even and right\nmore\n' }
  const ran = { base: BASE, change, policy: 'policy: {verify: {min_executed: 100}}\n' }
  t.is((await refactoring(ran)).verdict, 'PRESERVED')
  t.regex((await refactoring({ ...ran }, null)).reason, /min_executed is 100, but nothing measures/)
})

test('where nothing tells calls of tests, nonsense in the changed files has to fail', async (t) => {
  const result = await refactoring({}, null)
  t.is(result.verdict, 'PRESERVED', result.reason)
  t.deepEqual(result.executed, { lines: 0, ran: 0, notRun: [], notMeasured: ['calc.js'] })
  const unread = { base: { ...BASE, 'other.js': 'a\n' }, change: { 'other.js': 'b\n' } }
  t.regex((await refactoring(unread, null)).reason, /passes even with nonsense in other\.js/)
})

test('a run that the tracer disturbs shows nothing', async (t) => {
  const disturbed: Program = (run) => (run.traced ? { ended: 1, output: '' } : tests(run))
  const { executed } = await refactoring({ command: disturbed })
  t.deepEqual(executed?.notMeasured, ['calc.js'])
})

test('a change that a test notices is NOT_FIXED, and one that hides a test is RIGGED', async (t) => {
  const broken = await refactoring({ change: { 'calc.js': 'wrong\n' } })
  t.is(broken.verdict, 'NOT_FIXED')
  t.is(broken.reason, 'the command passes without the change, but not with it: adds fails')
  const hiding: Program = (run) =>
    run.files['calc.js']?.startsWith('even') ? { ended: 0, output: 'ok other\n' } : tests(run)
  t.is((await refactoring({ command: hiding })).verdict, 'RIGGED')
})

test('a change that edits, deletes or adds a judge is TESTS_CHANGED, but for whole test files', async (t) => {
  const verdict = async (change: Story['change'], more: Partial<Story> = {}) =>
    (await refactoring({ change: { ...REORDERED, ...change }, ...more })).verdict
  const two = { ...BASE, 'test/more.test.js': 'halves: calc.js has even\n' }
  t.is(await verdict({ 'test/calc.test.js': 'adds: calc.js has righ\n' }), 'TESTS_CHANGED')
  t.is(await verdict({ 'test/more.test.js': null }, { base: two }), 'TESTS_CHANGED')
  t.is(await verdict({ 'jest.config.js': 'x\n' }), 'TESTS_CHANGED')
  t.is(await verdict({ 'package.json': '{}\n' }), 'TESTS_CHANGED')
  t.is(await verdict({ 'test/more.test.js': 'halves: calc.js has even\n' }), 'PRESERVED')
  const allowed = { options: { mode: 'refactor' as const, allow: ['test/calc.test.js'] } }
  t.is(await verdict({ 'test/calc.test.js': 'adds: calc.js has righ\n' }, allowed), 'TESTS_CHANGED')
})

test('a command of which no runner counts tests shows nothing', async (t) => {
  const silent: Program = ({ files }) => ({ ended: /right/.test(files['calc.js'] ?? '') ? 0 : 1 })
  const result = await refactoring({ command: silent, runner: null })
  t.is(result.verdict, 'NOT_RED')
  t.regex(result.reason, /no runner names or counts a test/)
})

test('what fails without the change is a fix', async (t) => {
  const fix = { base: { ...BASE, 'calc.js': 'wrong\n' }, change: { 'calc.js': 'right\n' } }
  t.is((await refactoring({ ...fix, options: { mode: 'auto' } })).verdict, 'PROVED')
  const result = await refactoring(fix)
  t.is(result.verdict, 'NOT_FIXED')
  t.regex(result.reason, /^the command fails without the change \(adds\), so there is nothing green/)
})

test('a command that passes once without the change and then fails is FLAKY', async (t) => {
  const flaky: Program = (run) =>
    run.files['calc.js'] === BASE['calc.js'] && run.nth === 4 ? { ended: 1, output: 'not ok adds: lost\n' } : tests(run)
  const result = await refactoring({ command: flaky })
  t.is(result.verdict, 'FLAKY', result.reason)
})
