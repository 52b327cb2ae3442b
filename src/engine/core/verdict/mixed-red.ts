import type { TestCase, TestReport } from '../../model/evidence.ts'
import { sameMessage } from '../failure/index.ts'

/** A red of which a change mends a part: what it mended, and what failed before and fails after it in the same way. */
export interface MixedRed {
  readonly mended: readonly string[]
  readonly still: readonly TestCase[]
}

/**
 * Null where the two runs are not such: nothing was mended, a test fails that did not fail before, or one fails in another way.
 * `before`: runs of one red tree; where they tell a reason in different numbers, numbers do not count.
 */
export function mixedRed(before: readonly TestReport[], now: TestReport): MixedRed | null {
  const [first] = before
  if (!first) return null
  const was = failed(first)
  const still = [...failed(now).values()]
  const asBefore = still.every(({ id, message }) => {
    const told = before.map((report) => failed(report).get(id))
    return (
      told.every((one) => one !== undefined) &&
      sameMessage(
        told.map((one) => one?.message ?? ''),
        message ?? '',
      )
    )
  })
  const ids = new Set(still.map(({ id }) => id))
  const mended = [...was.keys()].filter((id) => !ids.has(id))
  if (!asBefore || mended.length === 0 || still.length === 0) return null
  return passes(mended, first, now) ? { mended, still } : null
}

/** What is mended has to pass: by name where all tests are named, else by the number of tests that pass. */
function passes(mended: readonly string[], first: TestReport, now: TestReport): boolean {
  if (!now.named) return now.counts.passed >= first.counts.passed + mended.length
  const passed = new Set(now.tests.filter(({ outcome }) => outcome === 'passed').map(({ id }) => id))
  return mended.every((id) => passed.has(id))
}

function failed({ tests }: TestReport): ReadonlyMap<string, TestCase> {
  return new Map(
    tests.filter(({ outcome }) => outcome === 'failed' || outcome === 'error').map((test) => [test.id, test]),
  )
}
