import type { ExecutedCount } from '../../model/session.ts'
import { listSomePaths } from '../judge-mounts/index.ts'

/** 'executed 9 of 14 changed lines'; for files that nothing measures: 'executed: not measured in FILE'. */
export function executedPhrase({ lines, ran, notMeasured }: ExecutedCount): string {
  const counted = `executed ${ran} of ${lines} changed ${lines === 1 ? 'line' : 'lines'}`
  if (notMeasured.length === 0) return counted
  const open = `executed: not measured in ${listSomePaths(notMeasured)}`
  return lines === 0 ? open : `${counted}; ${open}`
}

/** The heading of these lines. */
export const NOT_RUN = 'Changed lines that no test ran'

/** One line for each file and side: which of its changed lines no test ran. */
export function notRunLines({ notRun }: ExecutedCount): readonly string[] {
  return notRun.map(({ path, of, lines }) => `${path}:${lines}${of === 'base' ? ' (removed or replaced)' : ''}`)
}

/**
 * Why what tests ran of a change does not show that it keeps what works; null: it does. `percent`: how many of the lines they
 * have to run; null: at least one line.
 */
export function tooFewExecuted(executed: ExecutedCount, percent: number | null): string | null {
  const { lines, ran, notMeasured } = executed
  if (lines === 0 && notMeasured.length === 0) return 'it changes no line that can run (0 of 0)'
  if (lines > 0 && ran === 0) return `no test runs a changed line: ${executedPhrase(executed)}`
  if (percent === null) return null
  if (notMeasured.length > 0)
    return `verify.min_executed is ${percent}, but nothing measures which lines of ${listSomePaths(notMeasured)} tests run`
  return ran * 100 < percent * lines ? `${executedPhrase(executed)}, but verify.min_executed is ${percent}` : null
}
