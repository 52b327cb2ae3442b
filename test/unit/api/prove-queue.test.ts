import test from 'ava'
import { type ProveQueue, proveQueue } from '../../../src/engine/api/mcp/prove-queue.ts'
import { PpError } from '../../../src/engine/model/error.ts'
import type { SessionResult } from '../../../src/engine/model/session.ts'
import type { Reporter } from '../../../src/engine/ports/reporter.ts'

/** A prove that is under way: the test ends it. */
interface Underway {
  readonly question: string
  readonly stop: AbortSignal
  readonly reporter: Reporter
  readonly end: (reason: string) => void
  readonly fail: (error: Error) => void
}

const resultOf = (reason: string) => ({ verdict: 'PROVED', reason }) as SessionResult

/** A queue whose proves end when the test says so, or when they are stopped. */
function queued(): { readonly queue: ProveQueue<string>; readonly underway: Underway[] } {
  const underway: Underway[] = []
  let ids = 0
  const queue = proveQueue<string>(
    (question, stop, reporter) =>
      new Promise((resolve, reject) => {
        stop.addEventListener('abort', () => reject(stop.reason))
        underway.push({ question, stop, reporter, end: (reason) => resolve(resultOf(reason)), fail: reject })
      }),
    () => `id ${ids++}`,
  )
  return { queue, underway }
}

test('one prove runs, two wait in the order in which they came, and a fourth is refused', async (t) => {
  const { queue, underway } = queued()
  const [first, second, third] = [queue.add('a'), queue.add('b'), queue.add('c')]
  t.is(queue.add('d'), null)
  t.deepEqual(
    underway.map(({ question }) => question),
    ['a'],
  )
  t.deepEqual(second?.state(), { is: 'waiting', ahead: 1 })
  t.deepEqual(third?.state(), { is: 'waiting', ahead: 2 })
  underway[0]?.end('done')
  await first?.ended
  await Promise.resolve()
  t.deepEqual(first?.state(), { is: 'done', result: resultOf('done') })
  t.is(second?.state().is, 'running')
  t.deepEqual(third?.state(), { is: 'waiting', ahead: 1 })
  t.not(queue.add('d'), null)
})

test('what is told while it runs reaches whoever listens, and the last line stays', async (t) => {
  const { queue, underway } = queued()
  const one = queue.add('a')
  const heard: unknown[] = []
  const silence = one?.listen((event) => heard.push(event))
  const event = { is: 'progress', line: 'half' } as const
  underway[0]?.reporter.tell(event)
  t.deepEqual(one?.state(), { is: 'running', last: event })
  silence?.()
  underway[0]?.reporter.tell({ is: 'progress', line: 'more' })
  t.deepEqual(heard, [event])
})

test('a prove that fails tells why, and the next one starts', async (t) => {
  const { queue, underway } = queued()
  const [first, second] = [queue.add('a'), queue.add('b')]
  const error = new PpError('USAGE', 'no targets')
  underway[0]?.fail(error)
  await first?.ended
  await Promise.resolve()
  t.deepEqual(first?.state(), { is: 'failed', error })
  t.is(second?.state().is, 'running')
})

test('a prove that waits and is stopped never starts', async (t) => {
  const { queue, underway } = queued()
  const [first, second, third] = [queue.add('a'), queue.add('b'), queue.add('c')]
  const reason = new PpError('INTERRUPTED', 'cancelled')
  second?.stop(reason)
  await second?.ended
  t.deepEqual(second?.state(), { is: 'failed', error: reason })
  underway[0]?.end('done')
  await first?.ended
  await Promise.resolve()
  t.is(third?.state().is, 'running')
  t.deepEqual(
    underway.map(({ question }) => question),
    ['a', 'c'],
  )
})

test('to stop the queue ends what runs and what waits, and starts nothing', async (t) => {
  const { queue, underway } = queued()
  const [first, second] = [queue.add('a'), queue.add('b')]
  const reason = new PpError('INTERRUPTED', 'the client went away')
  await queue.stop(reason)
  t.true(underway[0]?.stop.aborted)
  t.deepEqual(
    [first?.state(), second?.state()],
    [
      { is: 'failed', error: reason },
      { is: 'failed', error: reason },
    ],
  )
  t.is(underway.length, 1)
})

test('the last 32 that ended are remembered, by their ids alone', async (t) => {
  const { queue, underway } = queued()
  for (let n = 0; n < 40; n++) {
    const one = queue.add(`question ${n}`)
    underway.at(-1)?.end(`answer ${n}`)
    await one?.ended
    await Promise.resolve()
  }
  t.is(queue.find('id 7'), null)
  t.deepEqual(queue.find('id 8')?.state(), { is: 'done', result: resultOf('answer 8') })
  t.deepEqual(queue.find('id 39')?.state(), { is: 'done', result: resultOf('answer 39') })
  t.is(queue.find('question 39'), null)
})
