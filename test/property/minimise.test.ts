import test from 'ava'
import fc from 'fast-check'
import { minimise, minimiseBy } from '../../src/engine/core/minimise/minimise.ts'

const seed = { seed: 20_251_123, numRuns: 300 }
const parts = fc.integer({ min: 1, max: 9 }).map((n) => Array.from({ length: n }, (_, at) => at))
/** Any predicate on subsets, but for two things: it is true of all parts and false of none. */
const table = fc.array(fc.boolean(), { minLength: 512, maxLength: 512 })
/** Tests by this predicate, which take turns to end; `jobs` of them at once. */
const tester = (holds: (some: readonly number[]) => boolean | null, jobs = 1) => ({
  jobs,
  holds: async (some: readonly number[]) => {
    for (let turn = some.length % 3; turn > 0; turn--) await Promise.resolve()
    return () => holds(some)
  },
})
const predicate = (all: readonly number[], truth: readonly boolean[]) => (some: readonly number[]) =>
  some.length === all.length || (some.length > 0 && truth[some.reduce((bits, part) => bits | (1 << part), 0)] === true)

test('whatever the predicate: the result holds, in order, and no longer without any one of its parts', async (t) => {
  await fc.assert(
    fc.asyncProperty(parts, table, async (all, truth) => {
      const holds = predicate(all, truth)
      const { kept, shown } = await minimise(all, tester(holds))
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
      const { kept, shown } = await minimiseBy(all, levels, tester(holds))
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
      const { kept } = await minimiseBy(
        all,
        [String],
        tester((some) => (left-- > 0 ? holds(some) : null)),
      )
      t.true(holds(kept))
    }),
    seed,
  )
})

test('several tests at once come to what one after the other comes to, however little may be tried', async (t) => {
  const levels = [(part: number) => String(part >> 1), String]
  await fc.assert(
    fc.asyncProperty(parts, table, fc.nat(30), fc.integer({ min: 2, max: 5 }), async (all, truth, budget, jobs) => {
      const within = (most: number) => {
        const looked: string[] = []
        return {
          looked,
          holds: (some: readonly number[]) => {
            if (looked.length === most) return null
            looked.push(some.join())
            return predicate(all, truth)(some)
          },
        }
      }
      const [one, many] = [within(budget), within(budget)]
      const alone = await minimiseBy(all, levels, tester(one.holds))
      t.deepEqual(await minimiseBy(all, levels, tester(many.holds, jobs)), alone)
      t.deepEqual(many.looked, one.looked)
    }),
    seed,
  )
})
