import { gutter } from './lines.ts'
import { untrusted } from './untrusted.ts'

/** Excerpts of files that grow while there is room. */
export interface Pages {
  /** Adds lines of a file; false, and nothing is added, when they do not fit. */
  add(path: string, lines: Iterable<number>, marked: Iterable<number>): boolean
  has(path: string, line: number): boolean
  /** The paths in the order in which they came. */
  paths(): readonly string[]
  /** Characters that are left. */
  left(): number
  print(): readonly string[]
}

interface Page {
  readonly lines: ReadonlySet<number>
  readonly marked: ReadonlySet<number>
  readonly block: string
}

export function pagesOf(texts: ReadonlyMap<string, string>, label: string, room: number): Pages {
  const pages = new Map<string, Page>()
  let left = room
  return {
    add(path, lines, marked) {
      const text = texts.get(path)
      if (text === undefined) return false
      const before = pages.get(path)
      const page = { lines: union(before?.lines, lines), marked: union(before?.marked, marked) }
      const block = `${path}:\n${untrusted(label, gutter(text, page))}`
      const cost = block.length - (before?.block.length ?? -2)
      if (cost > left) return false
      left -= cost
      pages.set(path, { ...page, block })
      return true
    },
    has: (path, line) => pages.get(path)?.lines.has(line) ?? false,
    paths: () => [...pages.keys()],
    left: () => left,
    print: () => [...pages.values()].map(({ block }) => block),
  }
}

function union(some: ReadonlySet<number> | undefined, more: Iterable<number>): ReadonlySet<number> {
  return new Set([...(some ?? []), ...more])
}
