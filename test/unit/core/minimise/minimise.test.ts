import test from 'ava'
import { minimise, minimiseBy } from '../../../../src/engine/core/minimise/minimise.ts'

const EIGHT = [1, 2, 3, 4, 5, 6, 7, 8]

const oneByOne = (holds: (parts: readonly number[]) => boolean | null) => ({
  holds: async (parts: readonly number[]) => () => holds(parts),
  jobs: 1,
})

/** True where all needed parts are there; null after `budget` probes. */
const needs = (needed: readonly number[], budget = 100) => {
  let probes = 0
  const tester = oneByOne((parts) => {
    if (probes === budget) return null
    probes += 1
    return needed.every((part) => parts.includes(part))
  })
  return { tester, probes: () => probes }
}

test('one needed part of many is found', async (t) => {
  t.deepEqual(await minimise(EIGHT, needs([5]).tester), { kept: [5], shown: true })
})

test('parts that need each other stay together', async (t) => {
  t.deepEqual((await minimise(EIGHT, needs([1, 8]).tester)).kept, [1, 8])
})

test('when every part is needed, every part stays, and that was shown', async (t) => {
  t.deepEqual(await minimise([1, 2, 3], needs([1, 2, 3]).tester), { kept: [1, 2, 3], shown: true })
})

test('a single part is minimal without a probe', async (t) => {
  const { tester, probes } = needs([1])
  t.deepEqual((await minimise([1], tester)).kept, [1])
  t.is(probes(), 0)
})

test('a spent budget leaves a list that holds, and says that it is not finished', async (t) => {
  const { tester, probes } = needs([1, 8], 3)
  const { kept, shown } = await minimise(EIGHT, tester)
  t.false(shown)
  t.is(probes(), 3)
  t.true(kept.includes(1) && kept.includes(8))
})

const tens = (part: number): string => String(Math.floor(part / 10))
const odd = (part: number): string | null => (part % 2 === 1 ? String(part) : null)

test('levels take out what they may, and leave the rest alone', async (t) => {
  t.deepEqual(await minimiseBy([10, 11, 20, 22, 23], [tens, odd], needs([22]).tester), { kept: [20, 22], shown: true })
})

test('what a later level takes out is held against the earlier ones again', async (t) => {
  // Without 21 the tens are not needed any more; with it they are.
  const holds = (parts: readonly number[]) => parts.includes(30) && (!parts.includes(21) || parts.includes(10))
  t.deepEqual((await minimiseBy([10, 21, 30, 20], [tens, odd], oneByOne(holds))).kept, [30])
})
