import type { Localised } from './localised.ts'
import { table } from './page.ts'

/** A bug and how it was found; a text where its base is not red. */
export interface Row {
  readonly name: string
  readonly found: Localised | string
}

/** What a set of bugs came to. */
export interface Summary {
  readonly title: string
  readonly rows: readonly Row[]
}

export const seen = ({ rows }: Summary): readonly Localised[] =>
  rows.flatMap(({ found }) => (typeof found === 'string' ? [] : found))

export const top = (found: readonly Localised[], n: number): number =>
  found.filter(({ rank }) => rank !== null && rank <= n).length

export const middle = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0

/** One column for each set. */
export function summaryTable(sets: readonly Summary[]): string {
  const found = sets.map(seen)
  const row = (name: string, of: (all: readonly Localised[]) => string | number) => [name, ...found.map(of)]
  const spread = (of: (one: Localised) => number) => (all: readonly Localised[]) =>
    `${middle(all.map(of))}, ${Math.max(0, ...all.map(of))}`
  return table(
    ['', ...sets.map(({ title }) => title)],
    [
      row('bugs', (all) => all.length),
      row('traces kept', (all) => all.filter(({ traced }) => traced).length),
      ...[1, 3, 5, 10].map((n) => row(`the buggy function is among the first ${n}`, (all) => top(all, n))),
      row('the buggy line stands in the context of 4,000 tokens', (all) => all.filter(({ shown }) => shown).length),
      row(
        'tokens of that context: median, most',
        spread(({ tokens }) => tokens),
      ),
      row(
        'characters of the whole prompt: median, most',
        spread(({ promptCharacters }) => promptCharacters),
      ),
      row(
        'further runs of the command: median, most',
        spread(({ extraRuns }) => extraRuns),
      ),
    ],
  )
}

/** The bugs that a reader would look at: not among the first three, not shown, or not red at all. */
function lost({ rows }: Summary): readonly string[] {
  return rows.flatMap(({ name, found }) => {
    if (typeof found === 'string') return [`${name}: not red: ${found}`]
    if (found.rank !== null && found.rank <= 3 && found.shown) return []
    const place = found.rank === null ? 'not ranked' : `rank ${found.rank} (${found.tied} more of this score)`
    return [`${name}: ${place}, ${found.shown ? 'shown' : 'NOT SHOWN'}`]
  })
}

/** The table of these sets, and below it what a reader would look at. */
export function summaryText(sets: readonly Summary[]): string {
  const rows = sets.flatMap((set) => lost(set)).map((line) => `- ${line.replaceAll('_', '\\_').replaceAll('*', '\\*')}`)
  return [summaryTable(sets), '', ...rows].join('\n')
}
