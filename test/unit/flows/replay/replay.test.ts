import test from 'ava'
import { proveFlow } from '../../../../src/engine/flows/prove/prove.ts'
import { replayFlow } from '../../../../src/engine/flows/replay/replay.ts'
import { findProof } from '../../../../src/engine/flows/store/find-proof.ts'
import type { Runner } from '../../../../src/engine/ports/runner.ts'
import { CALC, RIGHT, type Story, sessionOf } from '../../../support/fakes.ts'
import { type Program, tests } from '../../../support/sandbox.ts'
import { runnerWith } from '../../../support/suite.ts'

const mended = (text: string | undefined) => text?.includes('right') ?? false

/** Proves a story, and replays the proof with another command in another session. */
async function replayed(again: Partial<Story> = {}, proved: Partial<Story> = {}) {
  const story = { base: CALC, change: RIGHT, ...proved }
  const { session, existing, repository } = await sessionOf(story)
  const { result } = await proveFlow(session, existing)
  const found = await findProof({ ...repository }, session.id)
  const now = await sessionOf({ ...story, kind: 'replay', nth: 2, repository, ...again })
  return { result, found, repository, replay: await replayFlow(now.session, found) }
}

test('a proof whose red and green are there again is REPRODUCED', async (t) => {
  const { result, replay } = await replayed()
  t.is(result.verdict, 'PROVED')
  t.like(replay, {
    verdict: 'REPRODUCED',
    reason: 'as recorded, the command is red without the change and green with it',
    final: result.final,
  })
  t.deepEqual(
    replay.runs.map(({ on, reading }) => `${on}: ${reading.is}`),
    ['base: red', 'final: green'],
  )
})

test('a base that is green now is REFUTED', async (t) => {
  const { replay } = await replayed({ command: () => ({ ended: 0, output: 'ok adds\nok halves\n' }) })
  t.like(replay, { verdict: 'REFUTED', reason: 'without the change, unit: it is green, but was recorded as red' })
})

test('a change with which it fails as recorded is REFUTED', async (t) => {
  const { replay } = await replayed({ command: (run) => tests({ ...run, files: { ...run.files, ...CALC } }) })
  t.like(replay, { verdict: 'REFUTED', reason: 'with the change, unit is red' })
})

test('a red of other tests, or another end, is INCONCLUSIVE', async (t) => {
  const otherwise =
    (other: Program): Program =>
    (run) =>
      mended(run.files['calc.js']) ? tests(run) : other(run)
  const others = await replayed({ command: otherwise(() => ({ ended: 1, output: 'not ok halves: no\n' })) })
  t.like(others.replay, {
    verdict: 'INCONCLUSIVE',
    reason: 'without the change, unit: the tests that fail are not the recorded ones',
  })
  const killed = await replayed({ command: otherwise(() => ({ ended: { how: 'signalled', signal: 'SIGSEGV' } })) })
  t.like(killed.replay, {
    verdict: 'INCONCLUSIVE',
    reason: 'without the change, unit: it signalled, but was recorded as exited 1',
  })
})

test('a green that lacks a test is INCONCLUSIVE', async (t) => {
  const command: Program = (run) => (mended(run.files['calc.js']) ? { ended: 0, output: 'ok adds\n' } : tests(run))
  const { replay } = await replayed({ command })
  t.like(replay, { verdict: 'INCONCLUSIVE', reason: 'with the change, unit: test vanished: halves' })
})

test('a command that cannot be run here is INCONCLUSIVE', async (t) => {
  const { replay } = await replayed({ command: () => ({ ended: { how: 'not-run', reason: 'no sandbox' } }) })
  t.is(replay.verdict, 'INCONCLUSIVE')
})

test('a final tree that is not here is made again from its patch', async (t) => {
  const { found, repository } = await replayed()
  const tree = found.repro.finalTree ?? ''
  repository.store.trees.delete(tree)
  const { session } = await sessionOf({ base: CALC, kind: 'replay', nth: 3, repository })
  t.is((await replayFlow(session, found)).verdict, 'REPRODUCED')
  t.true(repository.store.trees.has(tree))
})

test('a final tree without tree and patch is a fault that says what to fetch', async (t) => {
  const { found, repository } = await replayed()
  repository.store.trees.delete(found.repro.finalTree ?? '')
  const bundle = { ...found.bundle, files: new Map([...found.bundle.files].filter(([path]) => path !== 'final.patch')) }
  const { session } = await sessionOf({ base: CALC, kind: 'replay', nth: 3, repository })
  await t.throwsAsync(() => replayFlow(session, { ...found, bundle }), { message: /fetch the final commit/ })
})

test('a STABILIZED proof is told apart again, or not', async (t) => {
  const every =
    (n: number): Program =>
    (run) =>
      /_added/.test(run.files['test/calc.test.js'] ?? '')
        ? tests(run)
        : mended(run.files['calc.js']) || run.nth % n !== 1
          ? { ended: 0, output: 'ok adds\nok halves\n' }
          : { ended: 1, output: 'not ok adds: lost\nok halves\n' }
  const proved = { command: every(2), options: { flaky: true } }
  const again = await replayed({}, proved)
  t.is(again.result.verdict, 'STABILIZED')
  t.like(again.replay, { verdict: 'REPRODUCED', trials: { without: { runs: 11, failed: 6 } } })
  const never = await replayed({ command: () => ({ ended: 0, output: 'ok adds\nok halves\n' }) }, proved)
  t.like(never.replay, { verdict: 'REFUTED', reason: 'the command did not fail in 22 runs without the change' })
  const relapsed = await replayed({ command: () => ({ ended: 1, output: 'not ok adds: lost\nok halves\n' }) }, proved)
  t.like(relapsed.replay, { verdict: 'REFUTED' })
  const rarely = await replayed({ command: every(20) }, proved)
  t.like(rarely.replay, { verdict: 'INCONCLUSIVE' })
})

test('a PRESERVED proof runs without the change, with it and without it again', async (t) => {
  const kept = { base: { ...CALC, ...RIGHT }, change: { 'calc.js': 'even and right\n' } }
  const proved: Partial<Story> = { ...kept, options: { mode: 'refactor' } }
  const on =
    (change: boolean, other: Program): Program =>
    (run) =>
      run.files['calc.js']?.startsWith('even') === change ? other(run) : tests(run)
  const red: Program = () => ({ ended: 1, output: 'not ok adds: lost\nok halves\n' })
  const again = await replayed({}, proved)
  t.is(again.result.verdict, 'PRESERVED', again.result.reason)
  t.like(again.replay, {
    verdict: 'REPRODUCED',
    reason: 'as recorded, the command is green without the change and with it',
  })
  t.deepEqual(
    again.replay.runs.map(({ on, reading }) => `${on}: ${reading.is}`),
    ['base: green', 'final: green', 'without 2: green'],
  )
  const broken = await replayed({ command: on(true, red) }, proved)
  t.like(broken.replay, { verdict: 'REFUTED', reason: 'with the change, unit is red' })
  const before = await replayed({ command: on(false, red) }, proved)
  t.like(before.replay, { verdict: 'INCONCLUSIVE', reason: 'without the change, unit is red' })
  const lacking = await replayed({ command: on(true, () => ({ ended: 0, output: 'ok adds\n' })) }, proved)
  t.like(lacking.replay, { verdict: 'INCONCLUSIVE', reason: 'with the change, unit: test vanished: halves' })
})

/** A suite of 70 s whose test `adds` takes 1 s alone. */
const slow: Program = (run) => {
  const shown = tests(run)
  if (!run.command.includes(' only adds')) return { ...shown, takesMs: 70_000 }
  const [line = ''] = /^.*ok adds.*$/m.exec(shown.output ?? '') ?? []
  return { output: `${line}\n`, ended: line.startsWith('not') ? 1 : 0, takesMs: 1000 }
}

test('runs of the failing tests alone are made again, by the recorded command', async (t) => {
  const { result, replay } = await replayed({ command: slow }, { command: slow })
  t.deepEqual(
    result.focus?.targets.map(({ command }) => command),
    [{ shell: 'run-tests only adds' }],
  )
  t.is(replay.verdict, 'REPRODUCED', replay.reason)
  t.deepEqual(
    replay.runs.map(({ on, durationMs }) => `${on}: ${durationMs}`),
    ['base: 70000', 'final: 70000', 'red, only the failing tests 1: 1000', 'green, only the failing tests 1: 1000'],
  )
  const alone: Program = (run) => (run.command.includes(' only ') ? { ended: 0, output: 'ok adds\n' } : slow(run))
  const other = await replayed({ command: alone }, { command: slow })
  t.like(other.replay, {
    verdict: 'INCONCLUSIVE',
    reason: 'without the change, the failing tests of unit alone are green',
  })
})

test('a command for the failing tests that git pp would not make is not run', async (t) => {
  const select: Runner['select'] = (command) => ('shell' in command ? { shell: `${command.shell} only halves` } : null)
  const again = { command: slow, runner: { ...runnerWith(), select } }
  const { replay } = await replayed(again, { command: slow })
  t.like(replay, {
    verdict: 'INCONCLUSIVE',
    reason: 'the failing tests are selected by another command here: run-tests only halves',
  })
  t.is(replay.runs.length, 2)
})
