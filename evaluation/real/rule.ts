import picomatch from 'picomatch'
import type { Project } from './projects.ts'

/** The numbers of the selection rule; README.md says the same in words. They were fixed before the first run. */
export const RULE = { fixes: 5, lines: 300, seconds: 10, tried: 30, walked: 3000 } as const

/** One line of `git diff-tree --numstat`; counts are null for a binary file. */
export interface Touched {
  readonly path: string
  readonly added: number | null
  readonly removed: number | null
  /** A: added, M: modified, D: deleted; renames are a D and an A. */
  readonly status: string
}

export interface Sorted {
  readonly tests: readonly Touched[]
  readonly source: readonly Touched[]
  readonly others: readonly Touched[]
  /** Test files that stand in the fix's tree and that the runner takes. */
  readonly runnable: readonly string[]
}

export function sorted(project: Pick<Project, 'tests' | 'source' | 'runnable'>, touched: readonly Touched[]): Sorted {
  const isTest = picomatch([...project.tests], { dot: true })
  const isSource = picomatch([...project.source], { dot: true })
  const isRunnable = picomatch([...project.runnable], { dot: true })
  const tests = touched.filter(({ path }) => isTest(path))
  const rest = touched.filter(({ path }) => !isTest(path))
  return {
    tests,
    source: rest.filter(({ path }) => isSource(path)),
    others: rest.filter(({ path }) => !isSource(path)),
    runnable: tests.filter(({ path, status }) => status !== 'D' && isRunnable(path)).map(({ path }) => path),
  }
}

/** Does the commit touch source and tests at all? Others are no candidates and are not listed. */
export function isCandidate({ tests, source }: Sorted): boolean {
  return tests.length > 0 && source.length > 0
}

/** Why the rule leaves a candidate out before anything is run; null: it does not. */
export function refusal(sort: Sorted): string | null {
  const all = [...sort.tests, ...sort.source, ...sort.others]
  if (all.some(({ added }) => added === null)) return 'changes a binary file'
  const lines = all.reduce((sum, { added, removed }) => sum + (added ?? 0) + (removed ?? 0), 0)
  if (lines > RULE.lines) return `changes more than ${RULE.lines} lines`
  if (sort.runnable.length === 0) return 'no test file that the runner takes by name'
  return null
}

/** `git diff-tree -r --no-renames -z --raw --numstat` as rows. */
export function touchedOf(output: string): readonly Touched[] {
  const fields = output.split('\0').filter((field) => field !== '')
  const status = new Map<string, string>()
  const rows: Touched[] = []
  for (let at = 0; at < fields.length; at += 1) {
    const field = fields[at] ?? ''
    if (field.startsWith(':')) {
      at += 1
      status.set(fields[at] ?? '', field.split(' ')[4] ?? 'M')
      continue
    }
    const [added = '-', removed = '-', path = ''] = field.split('\t')
    const count = (text: string) => (text === '-' ? null : Number(text))
    rows.push({ path, added: count(added), removed: count(removed), status: status.get(path) ?? 'M' })
  }
  return rows
}
