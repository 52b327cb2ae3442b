import test from 'ava'
import fc from 'fast-check'
import { minimise, minimiseBy } from '../../src/engine/core/minimise/minimise.ts'

const seed = { seed: 20_251_123, numRuns: 300 }
const parts = fc.integer({ min: 1, max: 9 }).map((n) => Array.from({ length: n }, (_, at) => at))
/** Any predicate on subsets, but for two things: it is true of all parts and false of none. */
const table = fc.array(fc.boolean(), { minLength: 512, maxLength: 512 })
const predicate = (all: readonly number[], truth: readonly boolean[]) => (some: readonly number[]) =>
  some.length === all.length || (some.length > 0 && truth[some.reduce((bits, part) => bits | (1 << part), 0)] === true)

test('whatever the predicate: the result holds, in order, and no longer without any one of its parts', async (t) => {
  await fc.assert(
    fc.asyncProperty(parts, table, async (all, truth) => {
      const holds = predicate(all, truth)
      const { kept, shown } = await minimise(all, async (some) => holds(some))
      t.true(shown && holds(kept))
      t.deepEqual([...kept].sort(), [...kept])
      if (kept.length > 1) for (const part of kept) t.false(holds(kept.filter((one) => one !== part)))
    }),
    seed,
  )
})

test('by levels: no cluster of any level can be left out of the result', async (t) => {
  const levels = [(part: number) => String(part >> 2), (part: number) => String(part >> 1), String]
  await fc.assert(
    fc.asyncProperty(parts, table, async (all, truth) => {
      const holds = predicate(all, truth)
      const { kept, shown } = await minimiseBy(all, levels, async (some) => holds(some))
      t.true(shown && holds(kept))
      for (const level of levels)
        for (const key of new Set(kept.map(level))) t.false(holds(kept.filter((part) => level(part) !== key)))
    }),
    seed,
  )
})

test('however little may be tried, the result holds', async (t) => {
  await fc.assert(
    fc.asyncProperty(parts, table, fc.nat(12), async (all, truth, budget) => {
      const holds = predicate(all, truth)
      let left = budget
      const { kept } = await minimiseBy(all, [String], async (some) => (left-- > 0 ? holds(some) : null))
      t.true(holds(kept))
    }),
    seed,
  )
})
