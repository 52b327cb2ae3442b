import test from 'ava'
import { proveFlow } from '../../../../src/engine/flows/prove/prove.ts'
import { PpError } from '../../../../src/engine/model/error.ts'
import { CALC, edits, proposerOf, RIGHT, runningWith, type Story, sessionOf } from '../../../support/fakes.ts'
import { type Program, tests } from '../../../support/sandbox.ts'

/** A story that is interrupted while the nth command runs; `ran`: how many ran at all. */
function cutAt(nth: number, why = new PpError('INTERRUPTED', 'interrupted')) {
  const controller = new AbortController()
  const count = { ran: 0 }
  const command: Program = (run) => {
    count.ran += 1
    if (count.ran === nth) controller.abort(why)
    return tests(run)
  }
  const policy = 'policy: {verify: {runs: 2, also: [{name: lint, cmd: lint}]}}'
  const story: Story = {
    base: CALC,
    change: { ...RIGHT, 'test/more.test.js': 'more: calc.js has right\n' },
    policy,
    command,
  }
  return { story: { ...story, signal: controller.signal }, count }
}

test('whichever run of a proof is interrupted, it is INTERRUPTED, no other run follows, and no work tree is left', async (t) => {
  const whole = cutAt(0)
  const told = await sessionOf(whole.story)
  t.is((await proveFlow(told.session, told.existing)).result.verdict, 'PROVED')
  t.true(whole.count.ran >= 8)
  for (let nth = 1; nth <= whole.count.ran; nth++) {
    const { story, count } = cutAt(nth)
    const { session, existing, lent, repository } = await sessionOf(story)
    const { result, commit } = await proveFlow(session, existing)
    t.like(result, {
      verdict: 'INTERRUPTED',
      reason: 'interrupted',
      mend: 'the results so far are kept; git pp show prints them',
      final: null,
    })
    t.is(count.ran, nth)
    t.is(lent(), 0)
    t.is(repository.names.get(`refs/pp/${session.id}/record`), commit)
  }
})

test('what was found before is kept: runs, the attempt that was tried, its verdict', async (t) => {
  const { story } = cutAt(4)
  const { session, existing } = await sessionOf(story)
  const { result, bundle } = await proveFlow(session, existing)
  t.is(result.runs.length, 3)
  t.deepEqual(
    result.attempts.map(({ verdict }) => verdict),
    ['INTERRUPTED'],
  )
  t.true(bundle.files.has('attempts/0_baseline/unit/evidence.json'))
})

test('a session that was interrupted before it began runs nothing', async (t) => {
  const { story, count } = cutAt(0)
  const { session, existing } = await sessionOf({ ...story, signal: AbortSignal.abort() })
  t.is((await proveFlow(session, existing)).result.verdict, 'INTERRUPTED')
  t.is(count.ran, 0)
})

test('a session that is terminated is kept likewise', async (t) => {
  const { story } = cutAt(1, new PpError('TERMINATED', 'terminated'))
  const { session, existing } = await sessionOf(story)
  t.like((await proveFlow(session, existing)).result, { verdict: 'INTERRUPTED', reason: 'terminated' })
})

test('a session that is interrupted while a proposer thinks tries nothing that it answers', async (t) => {
  const controller = new AbortController()
  const { propose, ...proposer } = proposerOf(edits(RIGHT))
  const slow = {
    ...proposer,
    propose: async (request: Parameters<typeof propose>[0]) => {
      controller.abort()
      return propose(request)
    },
  }
  const { result, lent } = await runningWith({ base: CALC, signal: controller.signal }, slow)
  t.like(result, { verdict: 'INTERRUPTED', attempts: [] })
  t.is(lent(), 0)
})

test('whichever run of a search for a patch is interrupted, it is INTERRUPTED', async (t) => {
  const proposals = [edits({ 'calc.js': 'odd\n' }), edits({ 'calc.js': 'right\nand\neven\n', 'more.js': 'needless\n' })]
  const whole = cutAt(0)
  t.is((await runningWith(whole.story, proposerOf(...proposals))).result.verdict, 'PROVED')
  for (let nth = 1; nth <= whole.count.ran; nth++) {
    const { story, count } = cutAt(nth)
    const { result, lent } = await runningWith(story, proposerOf(...proposals))
    t.is(result.verdict, 'INTERRUPTED')
    t.is(count.ran, nth)
    t.is(lent(), 0)
  }
})

test('with several targets at once all of them have ended before it is over', async (t) => {
  const { story } = cutAt(5)
  const targets = ['one', 'two', 'three'].map((name) => ({ name, command: { shell: 'run-tests' }, cwd: '' }))
  const { session, existing, lent } = await sessionOf({ ...story, targets, options: { jobs: 3 } })
  t.is((await proveFlow(session, existing)).result.verdict, 'INTERRUPTED')
  t.is(lent(), 0)
})
