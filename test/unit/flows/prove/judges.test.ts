import test from 'ava'
import { CALC, proving, RIGHT } from '../../../support/fakes.ts'
import { type Program, type Run, tests } from '../../../support/sandbox.ts'
import { runnerWith } from '../../../support/suite.ts'

const mended = (text: string | undefined) => text?.includes('right') ?? false

/** Runs the tests, and does something else with the change. */
const withChange =
  (other: Program): Program =>
  (run) =>
    mended(run.files['calc.js']) ? other(run) : tests(run)

const story = (command: Program) => proving({ base: CALC, change: RIGHT, command })

test('a change with which a test vanishes is RIGGED', async (t) => {
  const result = await story(withChange(() => ({ ended: 0, output: 'ok adds\n' })))
  t.like(result, { verdict: 'RIGGED', reason: 'unit: test vanished: halves' })
})

test('a change with which a test is skipped is RIGGED', async (t) => {
  const result = await story(withChange(() => ({ ended: 0, output: 'ok adds\nskip halves\n' })))
  t.like(result, { verdict: 'RIGGED', reason: 'unit: test became skipped: halves' })
})

test('a change with which fewer tests are counted is RIGGED', async (t) => {
  const command = withChange(() => ({ ended: 0, output: 'ok adds\n' }))
  const result = await proving({ base: CALC, change: RIGHT, command, runner: runnerWith({ counts: true }) })
  t.like(result, { verdict: 'RIGGED', reason: 'unit: tests vanished: 2 before the change, 1 after it' })
})

test('a change with which the status is 0 although a test failed is RIGGED', async (t) => {
  const result = await story(withChange(() => ({ ended: 0, output: 'not ok adds: wrong\nok halves\n' })))
  t.like(result, { verdict: 'RIGGED', reason: 'unit: test still fails: adds' })
})

test('a change with which a known runner reports no test where it was cut off before is RIGGED', async (t) => {
  const cut: Program = (run) =>
    mended(run.files['calc.js']) ? { ended: 0 } : { ended: { how: 'signalled', signal: 'SIGSEGV' } }
  const result = await proving({ base: CALC, change: RIGHT, command: cut })
  t.is(result.verdict, 'RIGGED')
  t.is(result.reason, 'unit: lines ended with exit status 0, but reports no test')
})

test('a change with which an added failing test passes, and which fails without it, is RIGGED', async (t) => {
  const forged = withChange((run) => ({
    ended: 0,
    output: (tests(run).output ?? '').replaceAll(/^not ok ([^:]*).*$/gm, 'ok $1'),
  }))
  const result = await proving({ base: CALC, change: RIGHT, command: forged })
  t.is(result.verdict, 'RIGGED')
  t.is(result.reason, 'unit: git pp added a test that must fail; it passes with the change, and fails without it')
})

test('an added failing test that no run shows is listed, and takes nothing from the proof', async (t) => {
  const result = await story((run) =>
    tests({ ...run, files: { ...run.files, ...{ 'test/calc.test.js': CALC['test/calc.test.js'] ?? '' } } }),
  )
  t.is(result.verdict, 'PROVED')
  t.true(
    result.notShown.includes('unit: that an added failing test fails (one was added, but the command did not run it)'),
  )
})

const hasAdded = ({ files }: Run) => Object.values(files).some((text) => /_added/.test(text))

test('an added failing test that keeps the runner from ending, with the change and without it, takes nothing from the proof', async (t) => {
  const command: Program = (run) => (hasAdded(run) ? { ...tests(run), output: '', takesMs: 700_000 } : tests(run))
  const result = await proving({ base: CALC, change: RIGHT, command })
  t.is(result.verdict, 'PROVED')
  t.true(
    result.notShown.includes('unit: that an added failing test fails (one was added, but the command did not run it)'),
  )
  t.deepEqual(
    result.runs.filter(({ on }) => on.includes('added')).map(({ durationMs }) => durationMs),
    [10_000, 10_000],
  )
})

test('a change that alone does not end where a failing test was added is waited for, and nothing is proved', async (t) => {
  const waits = withChange((run) => (hasAdded(run) ? { ended: 0, output: '', takesMs: 700_000 } : tests(run)))
  const result = await proving({ base: CALC, change: RIGHT, command: waits })
  t.like(result, { verdict: 'NOT_RUN', reason: 'the command did not end within 600 s (per-command limit)' })
})

test('a change that rewrites a judge while the command runs is RIGGED where the sandbox cannot keep it from that', async (t) => {
  const command = withChange((run) => {
    run.write('test/calc.test.js', 'adds: skipped\n')
    return tests(run)
  })
  const result = await proving({ base: CALC, change: RIGHT, command, judgesReadOnly: false })
  t.is(result.verdict, 'RIGGED')
  t.is(result.reason, 'a judge was rewritten while the command ran: test/calc.test.js')
})

test('where it can, a change that passes only by writing a judge decides nothing', async (t) => {
  const command = withChange((run) => (run.write('test/calc.test.js', 'new\n') ? tests(run) : { ended: 1 }))
  const result = await proving({ base: CALC, change: RIGHT, command })
  t.is(result.verdict, 'NOT_RUN')
  t.regex(result.reason, /^the command passes only if it may write test\/calc\.test\.js, which is a/)
  t.regex(result.mend ?? '', /^let the test write to a temporary directory/)
})

test('data that the base itself writes is a writable copy, and the proof says so', async (t) => {
  const base = { ...CALC, 'test/fixtures/log.txt': 'old\n' }
  const command: Program = (run) => {
    run.write('test/fixtures/log.txt', 'new\n')
    return tests(run)
  }
  const result = await proving({ base, change: RIGHT, command })
  t.is(result.verdict, 'PROVED', result.reason)
  t.true(
    result.notShown.some((one) =>
      /^judges that the base's own run writes could be written in each run, as private copies/.test(one),
    ),
  )
  const denied = await proving({ base, change: RIGHT, command, policy: 'policy: {tests: {writable: deny}}' })
  t.like(denied, { verdict: 'INVALID_RED' })
  t.regex(denied.reason, /^the command writes judges, but tests.writable is deny: test\/fixtures\/log.txt/)
})

test('a test that the base writes, and the change writes otherwise, is RIGGED', async (t) => {
  const command: Program = (run) => {
    run.write('test/calc.test.js', mended(run.files['calc.js']) ? 'adds: skipped\n' : 'as the base does\n')
    return tests(run)
  }
  const result = await proving({ base: CALC, change: RIGHT, command })
  t.is(result.verdict, 'RIGGED')
  t.regex(result.reason, /^a judge was rewritten while the command ran: test\/calc\.test\.js, and/)
})

test('tests alone that take the red away are TESTS_CHANGED, with what they ask for now', async (t) => {
  const result = await proving({
    base: CALC,
    change: { 'test/calc.test.js': 'adds: calc.js has wrong\nhalves: calc.js has even\n' },
  })
  t.is(result.verdict, 'TESTS_CHANGED')
  t.regex(result.reason, /^the command failed, but passes with only the changed tests and no/)
  t.regex(result.mend ?? '', /--allow=?\s?test\/calc\.test\.js/)
})

test('a product that is green only by the tests that came with it is TESTS_CHANGED', async (t) => {
  const change = {
    'calc.js': 'other and odd\n',
    'test/calc.test.js': 'adds: calc.js has other\nhalves: calc.js has odd\n',
  }
  const result = await proving({ base: CALC, change })
  t.is(result.verdict, 'TESTS_CHANGED')
  t.regex(result.reason, /^green only because judges changed: with the base's own judges, unit/)
  const free = await proving({ base: CALC, change, policy: 'policy: {tests: {allow_changes: true}}' })
  t.is(free.verdict, 'PROVED', free.reason)
})

test('configuration that is green without the product is TESTS_CHANGED', async (t) => {
  const command: Program = (run) =>
    run.files['jest.config.js'] ? { ended: 0, output: 'ok adds\nok halves\n' } : tests(run)
  const result = await proving({ base: CALC, change: { ...RIGHT, 'jest.config.js': 'bail\n' }, command })
  t.is(result.verdict, 'TESTS_CHANGED')
  t.is(
    result.reason,
    'the judges of the change alone turn the command green, without any change of the product (jest.config.js)',
  )
})

test('tests that ask less than the base has are RIGGED, with the line to type where it is meant', async (t) => {
  const base = {
    'calc.js': 'wrong and even\n',
    'test/calc.test.js': 'adds: calc.js has right\nhalves: calc.js has even\n',
  }
  const result = await proving({ base, change: { ...RIGHT, 'test/calc.test.js': 'adds: calc.js has right\n' } })
  t.is(result.verdict, 'RIGGED')
  t.regex(result.reason, /test vanished: halves/)
})

test('judges of the base that pass once and then fail under the product are FLAKY', async (t) => {
  const change = { ...RIGHT, 'test/more.test.js': 'more: calc.js has right\n' }
  const command: Program = (run) =>
    mended(run.files['calc.js']) && !run.files['test/more.test.js'] && run.nth === 1
      ? { ended: 1, output: 'ok adds\nnot ok halves: today\n' }
      : tests(run)
  const result = await proving({ base: CALC, change, command })
  t.is(result.verdict, 'FLAKY')
  t.is(result.reason, 'two runs with the judges of the base disagree: halves failed only once')
})
