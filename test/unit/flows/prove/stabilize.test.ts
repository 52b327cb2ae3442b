import test from 'ava'
import { CALC, proving, RIGHT, type Story } from '../../../support/fakes.ts'
import { type Program, tests } from '../../../support/sandbox.ts'

const mended = (text: string | undefined) => text?.includes('right') ?? false
const GREEN = 'ok adds\nok halves\n'

/** A command that fails in the runs without the change that `fails` says, counted from 1, and with it in those that `after` says. */
const sometimes =
  (fails: (nth: number) => boolean, after: (nth: number) => boolean = () => false): Program =>
  (run) => {
    const added = Object.keys(run.files).length > 2 || /_added/.test(run.files['test/calc.test.js'] ?? '')
    if (added) return tests(run)
    const red = mended(run.files['calc.js']) ? after(run.nth) : fails(run.nth)
    return red ? { ended: 1, output: 'not ok adds: lost\nok halves\n' } : { ended: 0, output: GREEN }
  }

const asking = (command: Program, more: Partial<Story> = {}) =>
  proving({ base: CALC, change: RIGHT, command, ...more, options: { flaky: true, ...more.options } })

test('what fails in some runs without the change and in none with it is STABILIZED', async (t) => {
  const result = await asking(sometimes((nth) => nth % 2 === 1))
  t.like(result, { verdict: 'STABILIZED', trials: { without: { runs: 11, failed: 6 }, with: { runs: 11, failed: 0 } } })
  t.true(
    result.notShown.some((one) => one.startsWith('that the command never fails with the change: after 0 of 11')),
    result.notShown.join(),
  )
})

test('what fails in every run without the change, in the same way, is PROVED', async (t) => {
  const result = await asking(sometimes(() => true))
  t.is(result.verdict, 'PROVED')
  t.regex(result.reason, /^red without the change \(5 of 5\), green with it \(5 of 5\); it fails in/)
  t.is(result.trials, undefined)
})

test('what fails with the change, too, is FLAKY', async (t) => {
  const result = await asking(
    sometimes(
      (nth) => nth % 2 === 1,
      (nth) => nth === 3,
    ),
  )
  t.is(result.verdict, 'FLAKY')
  t.regex(result.reason, /^the command fails with the change too: 2 of 3 without, 1 of 3 with it/)
})

test('what is not told apart in so many pairs is FLAKY', async (t) => {
  const result = await asking(
    sometimes((nth) => nth === 2),
    { options: { runs: 6 } },
  )
  t.is(result.verdict, 'FLAKY')
  t.regex(result.reason, /^chance could explain the difference: failed 1 of 6 without the/)
  t.is(result.mend, 'allow more pairs, up to --runs 100, or more time')
})

test('what never fails is NOT_RED', async (t) => {
  const reading: Program = (run) =>
    /poison/.test(run.files['calc.js'] ?? '') ? { ended: 1 } : { ended: 0, output: GREEN }
  const result = await asking(reading, { options: { runs: 5 } })
  t.is(result.verdict, 'NOT_RED')
  t.is(result.reason, 'the command did not fail in 5 runs without the change')
})

test('what never fails whatever the files hold is NO_EFFECT', async (t) => {
  t.is((await asking(() => ({ ended: 0, output: GREEN }), { options: { runs: 5 } })).verdict, 'NO_EFFECT')
})

test('what never fails since the tests were changed is TESTS_CHANGED', async (t) => {
  const command: Program = (run) =>
    run.files['test/calc.test.js'] === CALC['test/calc.test.js'] ? { ended: 1 } : { ended: 0, output: GREEN }
  const change = { ...RIGHT, 'test/calc.test.js': 'adds: skipped\n' }
  t.is((await asking(command, { change, options: { runs: 5 } })).verdict, 'TESTS_CHANGED')
})

test('where no pair comes to its end in time it is NOT_RUN', async (t) => {
  const policy = 'policy: {limits: {session_timeout_sec: 1}}'
  const result = await asking(() => ({ ended: 1, takesMs: 2_000 }), { policy })
  t.like(result, { verdict: 'NOT_RUN', reason: 'no pair of runs ended within the time limit of the session' })
})

test('a change with which a test is not run any more is RIGGED', async (t) => {
  const result = await asking((run) =>
    mended(run.files['calc.js']) ? { ended: 0, output: 'ok adds\n' } : sometimes(() => true)(run),
  )
  t.like(result, { verdict: 'RIGGED', reason: 'unit: test vanished: halves' })
})

test('a change that the command cannot run with is NOT_FIXED', async (t) => {
  const result = await asking((run) =>
    mended(run.files['calc.js']) ? { ended: 2, output: 'usage: gone\n' } : sometimes(() => true)(run),
  )
  t.like(result, { verdict: 'NOT_FIXED', reason: 'with the change, the command cannot run any more: gone' })
})

test('a failure without the text that was asked for is INVALID_RED', async (t) => {
  const result = await asking(
    sometimes(() => true),
    { options: { expect: 'KeyError' } },
  )
  t.is(result.verdict, 'INVALID_RED')
})
