import { withoutAddresses } from '../failure/index.ts'
import { FIRST_LINES, movedTestNames, namesFile, type TestNameMoves } from './test-name-moves.ts'

/** One test as it was reported on the red tree. */
export interface KnownTest {
  readonly id: string
  readonly failed: boolean
}

/**
 * What is known about test names in addition to the names: how the change moves the files and lines that they contain, and
 * the failing ids of the red that mean a place and not a test (`insteadOf`: with the prefix of the ids of tests there).
 */
export interface TestIdentity {
  readonly moves: TestNameMoves
  readonly insteadOf: ReadonlyMap<string, string>
}

/** What happened to tests whose names no longer exist. `flipped`: those that failed and now pass under another name. */
export type RenamedTests =
  | {
      readonly ok: true
      readonly flipped: readonly string[]
      readonly same: number
      readonly unsure: readonly string[]
    }
  | { readonly ok: false; readonly reason: string }

/**
 * Looks for tests that the final run no longer names, among the passing tests that only it names (`fresh`). A test that
 * failed must be found itself: by the same name without addresses, by its line followed through the change, or by the new
 * name of its product file. Tests that passed may be compared by number, function by function; the result then says so.
 */
export function findRenamedTests(
  missing: readonly KnownTest[],
  fresh: ReadonlySet<string>,
  moves: TestNameMoves,
): RenamedTests {
  // One way of counting lines has to explain all names.
  const ways = FIRST_LINES.map((first) => oneWay(missing, fresh, moves, (id) => movedTestNames(id, moves, first)))
  return ways.find(({ ok }) => ok) ?? ways[0] ?? { ok: true, flipped: [], same: 0, unsure: [] }
}

function oneWay(
  missing: readonly KnownTest[],
  fresh: ReadonlySet<string>,
  moves: TestNameMoves,
  follow: (id: string) => readonly string[],
): RenamedTests {
  const left = new Set(fresh)
  const flipped: string[] = []
  const lost: KnownTest[] = []
  let same = 0
  for (const test of missing.toSorted((a, b) => Number(b.failed) - Number(a.failed))) {
    const found = sameTest(test.id, left, follow) ?? renamed(test.id, left, moves)
    if (found === undefined) lost.push(test)
    else {
      left.delete(found)
      if (test.failed) flipped.push(found)
      else same += 1
    }
  }
  const failed = lost.find((test) => test.failed)
  if (failed) return { ok: false, reason: `test vanished: ${failed.id}` }
  const counted = byFunction(lost, left, moves)
  if (typeof counted === 'string') return { ok: false, reason: `test vanished: ${counted}` }
  return { ok: true, flipped, same: same + counted.same, unsure: counted.unsure }
}

function sameTest(
  id: string,
  fresh: ReadonlySet<string>,
  follow: (id: string) => readonly string[],
): string | undefined {
  const name = withoutAddresses(id)
  const alike = [...fresh].find((one) => withoutAddresses(one) === name)
  return alike ?? follow(id).find((one) => fresh.has(one))
}

/** Finds the test whose product file has been renamed. */
function renamed(id: string, fresh: ReadonlySet<string>, { removed, added }: TestNameMoves): string | undefined {
  if (!removed.some((path) => namesFile(id, path))) return undefined
  return [...fresh].find((one) => functionOf(one) === functionOf(id) && added.some((path) => namesFile(one, path)))
}

/**
 * Compares tests that passed by their number: each function must have as many passing cases now. Else returns the id of a
 * test that vanished.
 */
function byFunction(
  lost: readonly KnownTest[],
  fresh: ReadonlySet<string>,
  moves: TestNameMoves,
): { readonly same: number; readonly unsure: readonly string[] } | string {
  const unsure: string[] = []
  let same = 0
  for (const name of new Set(lost.map(({ id }) => functionOf(id)))) {
    const tests = lost.filter(({ id }) => functionOf(id) === name)
    const now = [...fresh].filter((id) => functionOf(id) === name).length
    const missing = tests.slice(now)
    const gone = missing.filter(({ id }) => moves.removed.some((path) => namesFile(id, path)))
    const vanished = missing.find((test) => !gone.includes(test))
    if (vanished) return vanished.id
    same += tests.length - missing.length
    if (tests.length > gone.length)
      unsure.push(`the names of ${countOf(tests.length - gone.length)} of ${name}: only their number was compared`)
    if (gone.length > 0)
      unsure.push(`${countOf(gone.length)} of ${name}: the product files that they tested were removed`)
  }
  return { same, unsure }
}

function countOf(n: number): string {
  return n === 1 ? '1 test' : `${n} tests`
}

/**
 * The function that a test is a case of: pytest's `name[…]`, Go's `TestName/…`, unittest's subtests; elsewhere a title without
 * its numbers and quoted texts.
 */
export function functionOf(id: string): string {
  const pytest = /^(\S+?::[^[]*)\[/.exec(id)?.[1]
  const go = /^(\S*\.(?:Test|Fuzz|Example|Benchmark)\w*)\//.exec(id)?.[1]
  const unittest = /^(\w+ \([\w.]+\)) [[(]/.exec(id)?.[1]
  return pytest ?? go ?? unittest ?? id.replace(/"[^"]*"|'[^']*'|`[^`]*`/g, "''").replace(/\d+/g, '0')
}
