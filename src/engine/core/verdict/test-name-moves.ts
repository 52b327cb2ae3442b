import { diffLines, splitLines } from '../patch/index.ts'

/** The two sides of one product file; null = the file does not exist. */
export interface FileBeforeAndAfter {
  readonly path: string
  readonly before: string | null
  readonly after: string | null
}

/** How a change of product affects the names of tests that contain names and line numbers of product files. */
export interface TestNameMoves {
  /** Files that exist on both sides. `lineOf`: the new number of a line (from 1); null = the line is changed or gone. */
  readonly edited: readonly { readonly path: string; lineOf(line: number): number | null }[]
  readonly removed: readonly string[]
  readonly added: readonly string[]
}

export const NO_MOVES: TestNameMoves = { edited: [], removed: [], added: [] }

export function movesOf(files: readonly FileBeforeAndAfter[]): TestNameMoves {
  return {
    edited: files.flatMap(({ path, before, after }) =>
      before === null || after === null ? [] : [{ path, lineOf: lineMap(before, after) }],
    ),
    removed: files.flatMap(({ path, after }) => (after === null ? [path] : [])),
    added: files.flatMap(({ path, before }) => (before === null ? [path] : [])),
  }
}

function lineMap(before: string, after: string): (line: number) => number | null {
  const lines = splitLines(before)
  const splices = diffLines(lines, splitLines(after))
  return (line) => {
    if (line < 1 || line > lines.length) return null
    let shift = 0
    for (const { at, removed, added } of splices) {
      if (line - 1 < at) break
      if (line - 1 < at + removed) return null
      shift += added.length - removed
    }
    return line + shift
  }
}

/** The number of a file's first line: 1, or 0 as in Python's doctest. */
export const FIRST_LINES = [1, 0] as const

/**
 * The names that a test may have after the change, if its name contains a product file and its line numbers, such as
 * `shop.py:14` or `src/lib.rs - add (line 5)`: each number after the file's name is changed as its line has moved. `first`:
 * the number of a file's first line.
 */
export function movedTestNames(
  id: string,
  { edited }: TestNameMoves,
  first: (typeof FIRST_LINES)[number],
): readonly string[] {
  const names = new Set<string>()
  for (const { path, lineOf } of edited) {
    const end = endOfName(id, path)
    if (end === -1) continue
    const [head, tail] = [id.slice(0, end), id.slice(end)]
    for (const most of [1, 2, Number.POSITIVE_INFINITY]) {
      const moved = moveNumbers(tail, most, (line) => {
        const to = lineOf(line + 1 - first)
        return to === null ? null : to - 1 + first
      })
      if (moved !== null) names.add(head + moved)
    }
  }
  names.delete(id)
  return [...names]
}

const NUMBER = /(?<=^|[^\w.]|\bL)\d{1,7}(?![\w]|\.\d)/g

function moveNumbers(text: string, most: number, to: (line: number) => number | null): string | null {
  let seen = 0
  let lost = false
  const moved = text.replace(NUMBER, (digits) => {
    if (seen++ >= most) return digits
    const line = to(Number(digits))
    if (line === null) lost = true
    return String(line)
  })
  return lost ? null : moved
}

/** Whether a test's name contains that file, with or without its directory and extension. */
export function namesFile(id: string, path: string): boolean {
  return endOfName(id, path) !== -1
}

function endOfName(id: string, path: string): number {
  const base = path.slice(path.lastIndexOf('/') + 1)
  const stem = base.replace(/(?<=.)\.[^.]*$/, '')
  for (const name of [path, base, ...(stem.length > 2 ? [stem] : [])]) {
    for (let at = id.indexOf(name); at !== -1; at = id.indexOf(name, at + 1)) {
      const end = at + name.length
      if (!/\w$/.test(id.slice(0, at)) && !/^\w/.test(id.slice(end))) return end
    }
  }
  return -1
}
