import { COLUMNS, TITLES } from './columns.ts'
import type { Project } from './projects.ts'
import type { Row } from './rows.ts'

type Answered = Row & { readonly outcome: { readonly how: 'answered' } }

/** The rows as markdown: a line per column, then every wrong verdict. */
export function tableOf(rows: readonly Row[]): string {
  const answered = rows.filter((row): row is Answered => row.outcome.how === 'answered')
  const head = [
    '| made of a fix | rows | right | wrong in 100 | verdicts | RIGGED | seconds, median | per execution | not applicable |',
    '|---|---|---|---|---|---|---|---|---|',
  ]
  const lines = groups(rows).map(([title, all]) => lineOf(title, all))
  const wrong = answered.filter(({ outcome }) => !outcome.right)
  const details = wrong.map(
    ({ project, commit, column, scope, expected, outcome }) =>
      `| ${project} \`${commit.slice(0, 10)}\` | ${column}${scope === 'whole' ? ', whole suite' : ''} | ${outcome.verdict} | ${expected.join(' or ')} | ${cell(outcome.reason)} |`,
  )
  const below =
    details.length === 0
      ? ['No verdict was wrong.']
      : ['| fix | made of it | given | right | the reason it gave |', '|---|---|---|---|---|', ...details]
  return [...head, ...lines, '', ...below, ''].join('\n')
}

/** Which languages and runners the rows are of, and which versions of the tool answered. */
export function coverageOf(
  rows: readonly Row[],
  projects: readonly Pick<Project, 'name' | 'language' | 'runner'>[],
): string {
  const kinds = new Map<string, Row[]>()
  for (const row of rows) {
    const project = projects.find(({ name }) => name === row.project)
    const kind = project === undefined ? 'not in the list' : `${project.language}, ${project.runner}`
    kinds.set(kind, [...(kinds.get(kind) ?? []), row])
  }
  const lines = [...kinds].map(([kind, some]) => {
    const count = (of: (row: Row) => string) => new Set(some.map(of)).size
    return `| ${kind} | ${count(({ project }) => project)} | ${count(({ commit }) => commit)} | ${some.length} | ${wrongIn(some)} |`
  })
  const asked = counted(rows.map(({ program }) => `rows by git-pp ${program}`))
  return [
    `${asked}.`,
    '',
    '| language, runner | projects | fixes | rows | wrong |',
    '|---|---|---|---|---|',
    ...lines,
    '',
  ].join('\n')
}

/** Is any row wrong? */
export function wrongIn(rows: readonly Row[]): number {
  return rows.filter(({ outcome }) => outcome.how === 'answered' && !outcome.right).length
}

function groups(rows: readonly Row[]): readonly (readonly [string, readonly Row[]])[] {
  return COLUMNS.flatMap((column) =>
    (['tests', 'whole'] as const).map((scope) => {
      const title = `${TITLES[column]}${scope === 'whole' ? ', whole suite' : ''}`
      return [title, rows.filter((row) => row.column === column && row.scope === scope)] as const
    }),
  ).filter(([, some]) => some.length > 0)
}

function lineOf(title: string, rows: readonly Row[]): string {
  const outcomes = rows.flatMap(({ outcome }) => (outcome.how === 'answered' ? [outcome] : []))
  const right = outcomes.filter((one) => one.right).length
  const counts = counted(outcomes.map(({ verdict }) => verdict))
  const share = outcomes.length === 0 ? '-' : ((100 * (outcomes.length - right)) / outcomes.length).toFixed(1)
  const cells = [
    title,
    outcomes.length,
    right,
    share,
    counts,
    outcomes.filter(({ verdict }) => verdict === 'RIGGED').length,
    median(outcomes.map(({ seconds }) => seconds)),
    median(outcomes.flatMap(({ executions }) => executions)),
    rows.length - outcomes.length,
  ]
  return `| ${cells.join(' | ')} |`
}

function counted(words: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([word, count]) => `${count} ${word}`)
    .join(', ')
}

export function median(numbers: readonly number[]): string {
  const ordered = [...numbers].sort((a, b) => a - b)
  const middle = ordered[Math.floor((ordered.length - 1) / 2)]
  return middle === undefined ? '-' : middle.toFixed(1)
}

function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|').slice(0, 160)
}
