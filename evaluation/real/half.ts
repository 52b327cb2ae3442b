import { structuredPatch } from 'diff'

/** One change of neighbouring lines. */
export interface Group {
  /** Index of the first line that it replaces. */
  readonly at: number
  readonly removed: number
  readonly added: readonly string[]
}

/** The changes between two texts, each as small as it can be told apart. */
export function groupsOf(before: string, after: string): readonly Group[] {
  const { hunks } = structuredPatch('a', 'a', before, after, '', '', { context: 0 })
  return hunks.map(({ oldStart, oldLines, lines }) => ({
    at: oldStart - 1,
    removed: oldLines,
    added: lines.filter((line) => line.startsWith('+')).map((line) => line.slice(1)),
  }))
}

/** `before` with some of its groups applied. */
export function withGroups(before: string, groups: readonly Group[]): string {
  const lines = before.split('\n')
  for (const { at, removed, added } of [...groups].sort((a, b) => b.at - a.at)) lines.splice(at, removed, ...added)
  return lines.join('\n')
}

export interface Versions {
  readonly path: string
  /** The empty text where the file does not exist. */
  readonly before: string
  readonly after: string
}

/** Which change groups of a fix stay, counted over all files. */
export const HALVES = ['even', 'odd', 'no'] as const
export type Half = (typeof HALVES)[number]

/** The files with only one half of their change groups; of a fix with a single group nothing stays. */
export function halved(files: readonly Versions[], which: Half): ReadonlyMap<string, string> {
  let count = 0
  const halves = files.map(({ path, before, after }) => {
    const kept = groupsOf(before, after).filter(() => {
      const index = count
      count += 1
      return which !== 'no' && (index % 2 === 0) === (which === 'even')
    })
    return [path, withGroups(before, kept)] as const
  })
  return new Map(count < 2 ? files.map(({ path, before }) => [path, before]) : halves)
}
