import test from 'ava'
import { firstThat } from '../../../../src/engine/core/trials/index.ts'

/** Tests that end when they are told to, in any order. */
function tests() {
  const open = new Map<number, (result: boolean) => void>()
  const started: number[] = []
  const aborted: number[] = []
  const test = (item: number, signal: AbortSignal) =>
    new Promise<boolean>((resolve, reject) => {
      started.push(item)
      open.set(item, resolve)
      signal.addEventListener('abort', () => {
        if (open.has(item)) aborted.push(item)
        reject(new Error('aborted'))
      })
    })
  const end = async (item: number, result: boolean) => {
    open.get(item)?.(result)
    open.delete(item)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { test, end, started, aborted }
}
const isTrue = (result: boolean) => result

test('a later item that passes first does not win, and what runs then is ended', async (t) => {
  const { test: run, end, started, aborted } = tests()
  const found = firstThat([1, 2, 3, 4, 5], 3, run, isTrue)
  t.deepEqual(started, [1, 2, 3])
  await end(3, true)
  await end(1, false)
  t.deepEqual(started, [1, 2, 3, 4])
  await end(2, true)
  t.is(await found, 2)
  t.deepEqual(aborted, [4])
})

test('with one job nothing is taken or started before its turn', async (t) => {
  const taken: number[] = []
  function* items() {
    for (const one of [1, 2, 3]) {
      taken.push(one)
      yield one
    }
  }
  t.is(await firstThat(items(), 1, async (item) => item === 2, isTrue), 2)
  t.deepEqual(taken, [1, 2])
})

test('without an item that decides it is null, and a failure is thrown once all have ended', async (t) => {
  t.is(await firstThat([1, 2, 3], 2, async () => false, isTrue), null)
  t.is(await firstThat([], 2, async () => true, isTrue), null)
  let ended = 0
  const fails = async (item: number) => {
    await new Promise((resolve) => setTimeout(resolve, item))
    ended++
    if (item === 1) throw new Error('broken')
    return false
  }
  await t.throwsAsync(firstThat([1, 5, 9], 3, fails, isTrue), { message: 'broken' })
  t.is(ended, 3)
})
