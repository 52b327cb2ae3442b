import type { TestCase, TestReport } from '../../model/evidence.ts'
import { sameMessage } from '../failure/index.ts'

/** A red that a change fixes in part: the tests that it fixes, and those that fail before and after it in the same way. */
export interface MixedRed {
  readonly mended: readonly string[]
  readonly still: readonly TestCase[]
}

/**
 * Null if this does not apply: no test was fixed, a test fails that did not fail before, or one fails in another way.
 * `before`: runs of one red tree; if their messages differ in numbers, numbers do not count.
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

/** Whether the fixed tests pass: by name if all tests are named, else by the number of tests that pass. */
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
