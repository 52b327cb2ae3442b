import type { ExecutedCount } from '../../model/session.ts'

/** What contradicts itself in a recorded count of lines; null: nothing. `most`: how many lines the change touches at all. */
export function inconsistentCount({ lines, ran, notRun }: ExecutedCount, most: number): string | null {
  const left = notRun.reduce((sum, one) => sum + countOf(one.lines), 0)
  if (ran + left !== lines) return `it says that ${ran} of ${lines} lines ran, but lists ${left} others`
  return lines > most ? `it counts ${lines} changed lines, but the change touches ${most}` : null
}

/** How many lines '3-5,9' are; NaN for a text that is no such list. */
function countOf(text: string): number {
  return text.split(',').reduce((sum, span) => {
    const [, from, to = from] = /^([1-9]\d*)(?:-([1-9]\d*))?$/.exec(span) ?? []
    const count = Number(to) - Number(from) + 1
    return count > 0 ? sum + count : Number.NaN
  }, 0)
}
