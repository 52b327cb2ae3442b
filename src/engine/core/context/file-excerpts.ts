import { numberedLines } from './lines.ts'
import { quoteUntrusted } from './untrusted.ts'

/** Excerpts of files; lines are added while there is room. */
export interface FileExcerpts {
  /** Adds lines of a file; false, and nothing is added, when they do not fit, or take more than `most` characters. */
  add(path: string, lines: Iterable<number>, marked: Iterable<number>, most?: number): boolean
  has(path: string, line: number): boolean
  /** The paths in the order in which they came. */
  paths(): readonly string[]
  /** How many characters are left. */
  left(): number
  print(): readonly string[]
}

interface FileExcerpt {
  readonly lines: ReadonlySet<number>
  readonly marked: ReadonlySet<number>
  readonly block: string
}

export function fileExcerpts(texts: ReadonlyMap<string, string>, label: string, room: number): FileExcerpts {
  const shownFiles = new Map<string, FileExcerpt>()
  let left = room
  return {
    add(path, lines, marked, most = left) {
      const text = texts.get(path)
      if (text === undefined) return false
      const before = shownFiles.get(path)
      const excerpt = { lines: union(before?.lines, lines), marked: union(before?.marked, marked) }
      const block = `${path}:\n${quoteUntrusted(label, numberedLines(text, excerpt))}`
      const cost = block.length - (before?.block.length ?? -2)
      if (cost > Math.min(left, most)) return false
      left -= cost
      shownFiles.set(path, { ...excerpt, block })
      return true
    },
    has: (path, line) => shownFiles.get(path)?.lines.has(line) ?? false,
    paths: () => [...shownFiles.keys()],
    left: () => left,
    print: () => [...shownFiles.values()].map(({ block }) => block),
  }
}

function union(some: ReadonlySet<number> | undefined, more: Iterable<number>): ReadonlySet<number> {
  return new Set([...(some ?? []), ...more])
}
