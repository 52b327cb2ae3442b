import test from 'ava'
import { PpError } from '../../../../src/engine/model/error.ts'
import type { Ended } from '../../../../src/engine/model/evidence.ts'
import { CALC, proving, RIGHT } from '../../../support/fakes.ts'
import { type Program, tests } from '../../../support/sandbox.ts'

const mended = (text: string | undefined) => text?.includes('right') ?? false
const withChange =
  (other: Program): Program =>
  (run) =>
    mended(run.files['calc.js']) ? other(run) : tests(run)
const always = (ended: Ended) => proving({ base: CALC, change: RIGHT, command: () => ({ ended }) })

test('a command that was not run is NOT_RUN, with the reason of the sandbox', async (t) => {
  const result = await always({ how: 'not-run', reason: 'the image is gone' })
  t.like(result, { verdict: 'NOT_RUN', reason: 'the image is gone' })
})

test('a command that meets a bound is NOT_RUN, and the mend names the key', async (t) => {
  const result = await always({ how: 'limited', by: 'memory', bound: 1024 })
  t.is(result.verdict, 'NOT_RUN')
  t.regex(result.mend ?? '', /^raise .*memory/)
})

test('a command that takes longer than its limit is NOT_RUN, and the mend names the key', async (t) => {
  const policy = 'policy: {limits: {per_command_timeout_sec: 2}}'
  const result = await proving({ base: CALC, change: RIGHT, policy, command: () => ({ ended: 0, takesMs: 3_000 }) })
  t.like(result, { verdict: 'NOT_RUN', reason: 'the command did not end within 2.0 s (per-command limit)' })
  t.regex(result.mend ?? '', /per_command_timeout_sec/)
})

test('a session whose time is over in a run is NOT_RUN, and the mend names the option', async (t) => {
  const policy = 'policy: {limits: {session_timeout_sec: 5}}'
  const command: Program = (run) => ({ ...tests(run), takesMs: 2_000 })
  const result = await proving({ base: CALC, change: RIGHT, policy, command })
  t.is(result.verdict, 'NOT_RUN')
  t.regex(result.reason, /\(session limit\)$/)
  t.is(result.mend, 'raise --timeout or limits.session_timeout_sec')
})

test('a command that is stopped with the change is NOT_RUN, at the first run and in a pair', async (t) => {
  const stopped: Program = () => ({ ended: { how: 'limited', by: 'processes', bound: 512 } })
  t.is((await proving({ base: CALC, change: RIGHT, command: withChange(stopped) })).verdict, 'NOT_RUN')
  const later = withChange((run) => (run.nth === 2 ? stopped(run) : tests(run)))
  t.is((await proving({ base: CALC, change: RIGHT, command: later })).verdict, 'NOT_RUN')
})

test('a command that hangs is red where hanging is the bug, and has to end in half of that time', async (t) => {
  const hanging =
    (ms: number): Program =>
    (run) =>
      mended(run.files['calc.js']) ? { ended: 0, takesMs: ms } : { ended: 0, takesMs: 60_000 }
  const options = { hangAfter: 10 }
  const proof = { base: CALC, change: RIGHT, options, runner: null }
  t.is((await proving({ ...proof, command: hanging(1_000) })).verdict, 'PROVED')
  const slow = await proving({ ...proof, command: hanging(6_000) })
  t.is(slow.verdict, 'NOT_FIXED')
  t.regex(slow.reason, /more than half of the time that counts as hanging/)
})

test('a usage error of the runner is INVALID_RED with its mend', async (t) => {
  const result = await proving({
    base: CALC,
    change: RIGHT,
    command: () => ({ ended: 4, output: 'usage: no such option\n' }),
  })
  t.like(result, { verdict: 'INVALID_RED', reason: 'no such option', mend: 'say it in another way' })
})

test('a red without the text that was asked for is INVALID_RED', async (t) => {
  const proof = { base: CALC, change: RIGHT }
  t.like(await proving({ ...proof, options: { expect: 'ZeroDivisionError' } }), {
    verdict: 'INVALID_RED',
    reason: 'the command fails, but its output does not contain the expected text "ZeroDivisionError"',
  })
  t.is((await proving({ ...proof, options: { expect: 'lacks right' } })).verdict, 'PROVED')
})

test('a change that mends one test and leaves another as it was is INVALID_RED, with the command that leaves it out', async (t) => {
  const base = { 'calc.js': 'wrong and odd\n', 'test/calc.test.js': CALC['test/calc.test.js'] ?? '' }
  const command: Program = (run) =>
    run.command.endsWith('without halves') ? { ended: 0, output: 'ok adds\n' } : tests(run)
  const result = await proving({ base, change: { 'calc.js': 'right and odd\n' }, command })
  t.is(result.verdict, 'INVALID_RED')
  t.is(result.reason, 'adds is fixed by this change; halves fails before and after in the same way: calc.js lacks even')
  t.is(result.mend, "to prove the change without it: git pp prove 'run-tests without halves'")
})

test('a sandbox that breaks while files are ruined is a fault, and no verdict', async (t) => {
  const command: Program = (run) =>
    Object.values(run.files).some((text) => text.includes('poison'))
      ? { ended: { how: 'not-run', reason: 'no more memory' } }
      : { ended: 1, output: 'not ok adds: old\n' }
  const fault = await t.throwsAsync(() => proving({ base: CALC, change: RIGHT, command }), { instanceOf: PpError })
  t.is(fault.code, 'SANDBOX_UNAVAILABLE')
})
