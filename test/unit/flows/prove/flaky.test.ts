import test from 'ava'
import { CALC, proving, RIGHT } from '../../../support/fakes.ts'
import { type Program, tests } from '../../../support/sandbox.ts'
import { runnerWith } from '../../../support/suite.ts'

const mended = (text: string | undefined) => text?.includes('right') ?? false

/** Runs the tests, and on the nth run without the change (or with it) something else. */
const but =
  (side: 'without' | 'with', nth: number, other: Program): Program =>
  (run) =>
    mended(run.files['calc.js']) === (side === 'with') && run.nth === nth ? other(run) : tests(run)

const green: Program = () => ({ ended: 0, output: 'ok adds\nok halves\n' })
const red: Program = () => ({ ended: 1, output: 'ok adds\nnot ok halves: now this\n' })

const story = (command: Program) => proving({ base: CALC, change: RIGHT, command })

test('a base that fails once and then passes is FLAKY', async (t) => {
  const result = await story(but('without', 2, green))
  t.like(result, {
    verdict: 'FLAKY',
    reason: 'without the change the command did not fail as before: unit was red, then green',
  })
})

test('a base that fails in other tests the second time is FLAKY', async (t) => {
  const result = await story(but('without', 2, red))
  t.is(result.verdict, 'FLAKY')
  t.regex(
    result.reason,
    /^without the change the command did not fail as before: unit failed in two ways: adds failed only once/,
  )
})

test('a base that is killed in another way the second time is FLAKY', async (t) => {
  const result = await story((run) =>
    mended(run.files['calc.js'])
      ? tests(run)
      : { ended: { how: 'signalled', signal: run.nth === 1 ? 'SIGSEGV' : 'SIGABRT' }, output: '' },
  )
  t.like(result, { verdict: 'FLAKY' })
  t.regex(result.reason, /killed by SIGSEGV, then killed by SIGABRT/)
})

test('a change that passes, and fails in a later pair, is FLAKY', async (t) => {
  const result = await story(but('with', 3, red))
  t.like(result, { verdict: 'FLAKY' })
  t.is(result.reason, 'with the change the command passed once, but failed in pair 3: halves failed')
})

test('without the change it has to fail in every pair as before', async (t) => {
  const result = await story(but('without', 3, red))
  t.is(result.verdict, 'FLAKY')
  t.regex(result.reason, /^without the change the command did not fail as before: unit failed in/)
})

test('a change whose first run fails and whose second passes is FLAKY, by the name of the test', async (t) => {
  const result = await story(but('with', 1, red))
  t.like(result, { verdict: 'FLAKY', reason: 'two runs with the change disagree: halves failed only once' })
})

test('a test that failed before and passes only when its runner runs it again is FLAKY', async (t) => {
  const result = await story((run) =>
    mended(run.files['calc.js']) ? { ...tests(run), output: `again adds\n${tests(run).output}` } : tests(run),
  )
  t.is(result.verdict, 'FLAKY')
  t.regex(result.reason, /^with the change adds passed only after its runner had run it again/)
})

test('another test that its runner ran again is told, and takes nothing from the proof', async (t) => {
  const result = await story((run) =>
    mended(run.files['calc.js']) ? { ...tests(run), output: `again halves\n${tests(run).output}` } : tests(run),
  )
  t.is(result.verdict, 'PROVED')
  t.true(result.notShown.includes('tests that the runner itself ran again until they passed: halves (once)'))
})

test('a separate command that fails once and then passes is FLAKY', async (t) => {
  const policy = 'policy: {verify: {also: [{name: lint, cmd: lint}]}}'
  let lints = 0
  const command: Program = (run) => {
    if (run.command !== 'lint') return tests(run)
    lints += 1
    return { ended: lints === 1 ? 1 : 0 }
  }
  const result = await proving({ base: CALC, change: RIGHT, policy, command })
  t.like(result, { verdict: 'FLAKY' })
  t.regex(result.reason, /^two runs of a separate command disagree/)
})

test('two lists of tests that disagree are FLAKY', async (t) => {
  let lists = 0
  const command: Program = (run) => {
    if (run.listing && mended(run.files['calc.js'])) lists += 1
    return run.listing && lists === 1 ? { ended: 0, output: 'ok adds\n' } : tests(run)
  }
  const runner = runnerWith({ counts: true, lists: true })
  const result = await proving({ base: CALC, change: RIGHT, runner, command })
  t.like(result, { verdict: 'FLAKY', reason: 'unit: two runs list different tests: test vanished: halves' })
})

test('the same test that fails in other words is no other failure, and is told', async (t) => {
  const result = await story(
    but('without', 2, () => ({ ended: 1, output: 'not ok adds: calc.js lacks something\nok halves\n' })),
  )
  t.is(result.verdict, 'PROVED')
  t.true(result.warnings.some((one) => one.includes('the message of a failing test differs from run to run')))
})
