import { diffLines } from '../patch/index.ts'

/**
 * The numbers of the lines that a text has and an earlier one has not, from 1. A line that is removed at one place and added
 * at another only moved, whatever its indentation.
 */
export function addedLines(before: string, after: string): ReadonlySet<number> {
  const [old, young] = [before.split('\n'), after.split('\n')]
  const splices = diffLines(old, young)
  const gone = new Set(splices.flatMap(({ at, removed }) => old.slice(at, at + removed).map((line) => line.trim())))
  const added = new Set<number>()
  let shift = 0
  for (const { at, removed, added: lines } of splices) {
    for (const [nth, line] of lines.entries())
      if (line.trim() !== '' && !gone.has(line.trim())) added.add(at + shift + nth + 1)
    shift += lines.length - removed
  }
  return added
}
