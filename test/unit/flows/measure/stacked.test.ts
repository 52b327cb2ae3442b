import test from 'ava'
import { proveFlow } from '../../../../src/engine/flows/prove/index.ts'
import { CALC, RIGHT, sessionOf } from '../../../support/fakes.ts'
import { type Program, stackedTree, tests } from '../../../support/sandbox.ts'

/** What comes of it, and how many runs were made on stacked trees and on checkouts. */
async function proof(command: Program, full = false) {
  const made = { stacked: 0, plain: 0 }
  const counted: Program = (run) => {
    made[run.stacked ? 'stacked' : 'plain'] += 1
    return command(run)
  }
  const { session, existing } = await sessionOf({
    ...{ base: CALC, change: RIGHT, command: counted, stack: stackedTree(full) },
  })
  const { result } = await proveFlow(session, existing)
  return { result, made, session }
}

test('runs are made on stacked trees, but for the one that is observed', async (t) => {
  const { result, made, session } = await proof(tests)
  t.is(result.verdict, 'PROVED')
  t.is(made.plain, 1)
  t.true(made.stacked > 3)
  t.is(session.workspaces.worktrees().kind, 'overlay')
})

test('a run that fails on a stacked tree alone is no failure of the change', async (t) => {
  const command: Program = (run) =>
    run.stacked && run.files['calc.js']?.includes('right')
      ? { ended: 1, output: 'not ok 1 - halves\nError: EXDEV: cross-device link not permitted, rename' }
      : tests(run)
  const { result, session } = await proof(command)
  t.is(result.verdict, 'PROVED')
  const reason = 'a run named an error that overlays can cause'
  t.deepEqual(session.workspaces.worktrees(), { kind: 'checkout', reason })
  t.is(session.runs.filter(({ reading, on }) => reading.is !== 'green' && /green|change/.test(on)).length, 0)
})

for (const error of ['Errno 116', 'Value too large for defined data type', 'no space left on device'])
  test(`a red that names "${error}" is made again on a checkout, and counts only there`, async (t) => {
    const command: Program = (run) => {
      const shown = tests(run)
      return run.stacked && shown.ended !== 0 ? { ...shown, output: `${shown.output}\n${error}\n` } : shown
    }
    const { result, made } = await proof(command)
    t.is(result.verdict, 'PROVED')
    t.true(made.stacked > 0 && made.stacked < 3)
  })

test('a failure on a stacked tree that was full counts only on a checkout', async (t) => {
  const { result, session } = await proof(tests, true)
  t.is(result.verdict, 'PROVED')
  t.deepEqual(session.workspaces.worktrees(), { kind: 'checkout', reason: 'a work tree in memory was full' })
})

test('an error of that kind in a run that passes means nothing', async (t) => {
  const command: Program = (run) => {
    const shown = tests(run)
    return shown.ended === 0 ? { ...shown, output: `${shown.output}\nEXDEV is handled\n` } : shown
  }
  const { session } = await proof(command)
  t.is(session.workspaces.worktrees().kind, 'overlay')
})

test('a run that cannot be set up on a stacked tree is made on a checkout', async (t) => {
  const command: Program = (run) =>
    run.stacked ? { ended: { how: 'not-run', reason: 'mount: it cannot be bound' } } : tests(run)
  const { result, session } = await proof(command)
  t.is(result.verdict, 'PROVED')
  t.deepEqual(session.workspaces.worktrees(), {
    kind: 'checkout',
    reason: 'a run could not be set up on an overlay',
  })
})
