import { diffLines, splitLines } from '../patch/index.ts'

/** Lines of one side of a change; they count from 1. */
export interface LinesOfSide {
  readonly path: string
  readonly of: 'base' | 'change'
  readonly text: string
  readonly lines: ReadonlySet<number>
}

/** The lines of the base that a change of a file removes or replaces, and those that it brings. Null: that side has no file. */
export function changedLines(path: string, before: string | null, after: string | null): readonly LinesOfSide[] {
  const removed = new Set<number>()
  const added = new Set<number>()
  let shift = 0
  for (const splice of diffLines(splitLines(before ?? ''), splitLines(after ?? ''))) {
    for (let n = 1; n <= splice.removed; n++) removed.add(splice.at + n)
    for (let n = 1; n <= splice.added.length; n++) added.add(splice.at + shift + n)
    shift += splice.added.length - splice.removed
  }
  return [
    ...(removed.size > 0 ? [{ path, of: 'base' as const, text: before ?? '', lines: removed }] : []),
    ...(added.size > 0 ? [{ path, of: 'change' as const, text: after ?? '', lines: added }] : []),
  ]
}
