import { hunksOf } from '../minimise/index.ts'
import { splitLines } from '../patch/index.ts'

/** What a test expected before and what it expects now. `line`: its old line number, from 1. */
export interface ChangedExpectation {
  readonly path: string
  readonly line: number
  readonly before: string
  readonly after: string
}

/** A line at which a test begins, in the usual languages. */
const BEGINS =
  /^\s*(?:async\s+)?(?:def|func|fn|fun|sub|function)\s+\w*test|\b(?:it|test|specify|scenario)(?:\.\w+)*\s*\(|^\s*@test\b|^\s*(?:public\s+)?void\s+\w+\s*\(|\bTEST\w*\s*\(/i

/**
 * The changed lines of a judge inside tests that fail in the base's version; if no line belongs to such a test, all changed
 * lines. `failing`: ids as the runner reports them.
 */
export function expectations(
  path: string,
  before: Uint8Array | null,
  after: Uint8Array | null,
  failing: readonly string[],
): ChangedExpectation[] {
  if (before === null) return []
  const lines = splitLines(new TextDecoder().decode(before))
  const all = hunksOf(before, after)
    .flatMap(({ groups }) => groups)
    .filter(({ removed }) => removed > 0)
  const inside = all.filter(({ at }) => ownerFails(lines, at, failing))
  return (inside.length > 0 ? inside : all).flatMap(({ at, removed, added }) => {
    const gone = lines.slice(at, at + removed)
    const paired = gone.length === added.length
    if (!paired) return [{ path, line: at + 1, before: told(gone.join(' ')), after: told(added.join(' ')) }]
    return gone.map((line, n) => ({ path, line: at + n + 1, before: told(line), after: told(added[n] ?? '') }))
  })
}

/** Whether the nearest test that begins above the line is one that fails. */
function ownerFails(lines: readonly string[], at: number, failing: readonly string[]): boolean {
  for (let up = at; up >= 0; up--) {
    const line = lines[up] ?? ''
    if (BEGINS.test(line)) return failing.some((id) => line.includes(testNameOf(id)))
  }
  return false
}

/** 'a.py::Case::test_x[1]' → 'test_x', 'suite > adds' → 'adds'. */
export function testNameOf(id: string): string {
  return (
    id
      .replace(/\[.*$/s, '')
      .split(/::| [>›] /)
      .at(-1) ?? id
  ).replace(/^.*\.(?=\w+$)/, '')
}

function told(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim()
  return flat.length > 200 ? `${flat.slice(0, 199)}…` : flat
}
