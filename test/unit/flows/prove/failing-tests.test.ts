import test from 'ava'
import { readBundleJson } from '../../../../src/engine/core/bundle/index.ts'
import { focusedFolder, runFile } from '../../../../src/engine/core/bundle-layout/index.ts'
import { mergePolicy } from '../../../../src/engine/core/policy/index.ts'
import { missingRuns } from '../../../../src/engine/core/record/index.ts'
import { proveFlow } from '../../../../src/engine/flows/prove/index.ts'
import { Repro } from '../../../../src/engine/model/proof.ts'
import type { SessionResult } from '../../../../src/engine/model/session.ts'
import type { Runner } from '../../../../src/engine/ports/runner.ts'
import { CALC, edits, proving, RIGHT, running, type Story, sessionOf } from '../../../support/fakes.ts'
import { type Program, type Run, tests } from '../../../support/sandbox.ts'
import { runnerWith } from '../../../support/suite.ts'

/** A suite of 70 s whose single tests take 1 s, and which runs those alone that `only` names. */
const slow: Program = (run) => {
  const shown = tests(run)
  const only = selected(run)
  if (only === null) return { ...shown, takesMs: 70_000 }
  const lines = (shown.output ?? '').split('\n').filter((line) => only.some((id) => line.includes(` ${id}`)))
  return { output: lines.map((line) => `${line}\n`).join(''), ended: lines.some(isRed) ? 1 : 0, takesMs: 1000 }
}

const selected = ({ command }: Run) => / only (.*)$/.exec(command)?.[1]?.split(',') ?? null
const isRed = (line: string) => line.startsWith('not ok')
const SLOW: Story = { base: CALC, change: RIGHT, command: slow }
const wholeRuns = ({ runs }: SessionResult) =>
  runs.filter(({ durationMs }) => durationMs === 70_000).map(({ on }) => on)

test('a slow suite is run whole three times, and its failing tests alone as often as their own time allows', async (t) => {
  const result = await proving(SLOW)
  t.is(result.verdict, 'PROVED')
  t.deepEqual(wholeRuns(result), ['base', 'change', 'added failing test'])
  t.deepEqual(result.counts, { reds: 5, greens: 4 })
  t.like(result.focus, { reds: 4, greens: 3, targets: [{ command: { shell: 'run-tests only adds' } }] })
  t.is(
    result.reason,
    'red in all 5 runs without the change, green in all 4 with it; after the first of each, only the failing tests ran: run-tests only adds',
  )
})

test('with fast nothing watches the whole run that is green, and the proof says so first', async (t) => {
  const result = await proving({ ...SLOW, policy: 'policy: {verify: {focus: fast}}' })
  t.deepEqual(wholeRuns(result), ['base', 'change'])
  t.regex(result.reason, /^nothing watched the only whole run that was green \(verify.focus: fast\); red in all 5 runs/)
  t.true(result.notShown.includes('that an added failing test fails (not checked with verify.focus: fast)'))
})

for (const [title, story] of Object.entries<Partial<Story>>({
  'a suite that is not slow': { command: tests },
  'a policy that says never': { policy: 'policy: {verify: {focus: never}}' },
  'a session with one pair': { policy: 'policy: {verify: {runs: 1}}' },
  'a runner that is not known': { runner: null, base: { ...CALC, 'test/calc.test.js': 'adds: calc.js has right\n' } },
}))
  test(`${title} has whole runs only`, async (t) => {
    const result = await proving({ ...SLOW, ...story })
    t.is(result.verdict, 'PROVED')
    t.is(result.focus, undefined)
    t.false(result.runs.some(({ on }) => on.includes('only the failing tests')))
  })

test('a suite that takes longer than the default limit for one run is proved, unless somebody stated a limit', async (t) => {
  const command: Program = (run) => (selected(run) ? slow(run) : { ...slow(run), takesMs: 700_000 })
  const result = await proving({ ...SLOW, command })
  t.like(result, { verdict: 'PROVED', counts: { reds: 5, greens: 4 } })
  t.true(
    result.warnings.includes(
      'a run took longer than the default limit for one run: it went on because it still printed; to allow it in any case: policy.limits.per_command_timeout_sec: 1400',
    ),
  )
  const stated = await proving({ ...SLOW, command, policy: 'policy: {limits: {per_command_timeout_sec: 600}}' })
  t.is(stated.verdict, 'NOT_RUN')
})

test('a run that takes several times as long as the first one is cut', async (t) => {
  const command: Program = (run) => {
    const fixed = run.files['calc.js'] === RIGHT['calc.js']
    return { ...slow(run), takesMs: fixed ? 2_200_000 : 700_000 }
  }
  const result = await proving({ ...SLOW, command, policy: 'policy: {limits: {session_timeout_sec: 90000}}' })
  t.is(result.verdict, 'NOT_RUN')
})

test('where the failing tests pass alone, or fail otherwise, all runs stay whole and the proof says why', async (t) => {
  for (const [alone, why] of [
    ['ok adds\n', /unit was red, then green$/],
    ['not ok adds: TypeError: other\n', /^every run is of the whole suite: a run of the failing tests alone differs/],
    ['usage: no option only\n', /it did not run$/],
  ] as const) {
    const command: Program = (run) =>
      selected(run) ? { output: alone, ended: alone.startsWith('ok') ? 0 : 1, takesMs: 1000 } : slow(run)
    const base = { ...CALC, 'test/calc.test.js': 'adds: calc.js has right\n' }
    const failing: Program = (run) => {
      const shown = command(run)
      return { ...shown, output: (shown.output ?? '').replace('calc.js lacks', 'AssertionError: calc.js lacks') }
    }
    const result = await proving({ ...SLOW, base, command: failing })
    t.is(result.verdict, 'PROVED')
    t.is(result.focus, undefined)
    t.is(wholeRuns(result).filter((on) => on.startsWith('red')).length, 1)
    t.regex(result.warnings.find((one) => one.startsWith('every run is of the whole suite')) ?? '', why)
  }
})

test('where an added failing test does not watch the whole suite, the pairs are whole', async (t) => {
  const stops: Program = (run) => {
    const shown = slow(run)
    const lines = (shown.output ?? '').split('\n')
    const first = lines.findIndex(isRed)
    // A runner that ends at the first failure, so that the tests after it are not seen to pass.
    return selected(run) || first === -1 ? shown : { ...shown, output: `${lines[first]}\n` }
  }
  const base = {
    'calc.js': 'wrong and even\n',
    'test/calc.test.js': 'adds: calc.js has right\nhalves: calc.js has even\n',
  }
  const files = { ...base, 'test/more.test.js': 'a: calc.js has even\nb: calc.js has even\n' }
  const result = await proving({ ...SLOW, base: files, command: stops })
  t.is(result.verdict, 'PROVED')
  t.is(result.focus, undefined)
  t.true(wholeRuns(result).includes('red 2'))
  t.true(result.notShown.some((one) => one.includes('that all other tests pass beside an added failing test')))
})

test('a change under which a failing test comes and goes is FLAKY', async (t) => {
  const command: Program = (run) => {
    const fixed = run.files['calc.js'] === RIGHT['calc.js']
    return selected(run) && fixed && run.nth === 4
      ? { output: 'not ok adds: chance\n', ended: 1, takesMs: 1000 }
      : slow(run)
  }
  const result = await proving({ ...SLOW, command })
  t.is(result.verdict, 'FLAKY')
  t.regex(
    result.reason,
    /^with the change the whole suite passed, but not run \d of the tests that failed: adds failed$/,
  )
})

/** What a change does to the whole suite, while it leaves the failing tests alone as they are. `halves` is broken by it. */
const TRICKS: Readonly<Record<string, (output: string) => string>> = {
  'ends early': () => 'ok adds\n',
  'prints the results of the base and ends': () => 'ok adds\nok halves\n',
  'skips all other tests': (output) => output.replace(/^(?:not )?ok halves.*$/m, 'skip halves'),
  'hides a test that it breaks': (output) => output.replace(/^not ok halves.*\n/m, ''),
}
for (const [does, trick] of Object.entries(TRICKS))
  test(`a change under which the whole suite ${does} is RIGGED, whatever the failing tests alone show`, async (t) => {
    const bad = { 'calc.js': 'right and odd\n' }
    const command: Program = (run) => {
      if (run.files['calc.js'] !== bad['calc.js'] || selected(run)) return slow(run)
      const output = trick(tests(run).output ?? '')
      return { output, ended: output.split('\n').some(isRed) ? 1 : 0, takesMs: 70_000 }
    }
    const result = await proving({ ...SLOW, change: bad, command })
    t.is(result.verdict, 'RIGGED', result.reason)
  })

test('run judges attempts and the parts of a patch by the failing tests, and the whole suite once', async (t) => {
  const noise = Array.from({ length: 30 }, (_, at) => `line ${at}\n`).join('')
  const base = { ...CALC, 'calc.js': `wrong and even\n${noise}` }
  const result = await running(
    { base, command: slow },
    edits({ 'calc.js': `odd and wrong\n${noise}` }),
    edits({ 'calc.js': `right and even\n${noise}more\n` }),
  )
  t.like(result, { verdict: 'PROVED', minimal: 'shown', focus: { reds: 4, greens: 3 } })
  t.deepEqual(wholeRuns(result), ['base', 'probe: changed files', 'green 1', 'added failing test'])
  t.deepEqual(
    result.attempts.map(({ verdict }) => verdict),
    ['NOT_FIXED', 'PROVED'],
  )
})

test('a verifier accepts the runs of failing tests only as their policy and the whole runs allow', async (t) => {
  const { session, existing } = await sessionOf(SLOW)
  const { bundle } = await proveFlow(session, existing)
  const repro = readBundleJson(bundle, 'repro.json', Repro)
  const policy = mergePolicy([], { limits: 'written' })
  const trees = { base: session.base.tree, red: session.base.tree, final: existing.tree, judged: null, named: null }
  const lacks = (changed: Partial<Repro> = {}, files = bundle.files, focus: 'auto' | 'never' | 'fast' = 'auto') =>
    missingRuns(
      { ...bundle, files },
      { ...repro, ...changed },
      { ...policy, verify: { ...policy.verify, focus } },
      trees,
    )
  t.is(lacks(), null)
  const { focus } = repro
  if (!focus) return t.fail()
  const without = (path: string) => new Map([...bundle.files].filter(([one]) => !one.startsWith(path)))
  t.regex(lacks({}, bundle.files, 'never') ?? '', /^its policy and the time of its runs do not allow/)
  t.regex(
    lacks({}, without('verification/added_failing_test')) ?? '',
    /no run of the whole suite with an added failing test/,
  )
  t.is(lacks({}, without('verification/added_failing_test'), 'fast'), null)
  t.regex(
    lacks({}, without(runFile(focusedFolder(4, 'red'), 'unit', 'evidence.json'))) ?? '',
    /^red 4 of the failing tests/,
  )
  t.regex(lacks({ focus: { ...focus, reds: 3 }, counts: { reds: 4, greens: 4 } }) ?? '', /counts fewer runs/)
  t.regex(lacks({ counts: { reds: 6, greens: 4 } }) ?? '', /^it claims 6 reds/)
  const other = (shell: string) => [{ name: 'unit', command: { shell }, cwd: '' }]
  t.regex(
    lacks({ focus: { ...focus, targets: other('true') } }) ?? '',
    /^the command for the failing tests is another one/,
  )
  t.regex(lacks({ focus: { ...focus, targets: other('run-tests') } }) ?? '', /is another one/)
  const { focus: _, ...whole } = repro
  t.regex(missingRuns(bundle, whole, policy, trees) ?? '', /^red 2 of 2/)
})

test('the options of the runner go through a package script', async (t) => {
  const base = { ...CALC, 'package.json': '{"scripts": {"test": "run-tests"}}' }
  const runner = runnerWith()
  const select: Runner['select'] = (command, failing) =>
    'shell' in command && command.shell === 'run-tests' ? (runner.select?.(command, failing) ?? null) : null
  const targets = [{ name: 'unit', command: { shell: 'npm test' }, cwd: '' }]
  const result = await proving({ ...SLOW, base, targets, runner: { ...runner, select } })
  t.is(result.verdict, 'PROVED')
  t.deepEqual(result.focus?.targets, [{ name: 'unit', command: { shell: 'npm test -- only adds' }, cwd: '' }])
})
