/** Tests one item. `signal` aborts if an earlier item decides; what the test then does no longer counts. */
export type ItemTest<T, R> = (item: T, signal: AbortSignal) => Promise<R>

/**
 * The first of these items whose result decides, in their order; null if none does. Up to `jobs` tests are under way at once,
 * and results are looked at in the order of the items, so the answer is that of one test after the other. Items are taken as
 * they are needed. All tests have ended when it returns.
 */
export async function firstThat<T, R>(
  items: Iterable<T>,
  jobs: number,
  test: ItemTest<T, R>,
  decides: (result: R, item: T) => boolean,
): Promise<T | null> {
  const source = items[Symbol.iterator]()
  const rest = new AbortController()
  const waiting: { readonly item: T; readonly result: Promise<R> }[] = []
  const fill = (): void => {
    while (waiting.length < jobs) {
      const next = source.next()
      if (next.done) return
      const result = test(next.value, rest.signal)
      // It is looked at later, or never.
      result.catch(() => {})
      waiting.push({ item: next.value, result })
    }
  }
  try {
    for (fill(); ; fill()) {
      const first = waiting.shift()
      if (first === undefined) return null
      if (decides(await first.result, first.item)) return first.item
    }
  } finally {
    rest.abort()
    await Promise.allSettled(waiting.map(({ result }) => result))
  }
}
