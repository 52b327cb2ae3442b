import type { ExecutedCount } from '../../model/session.ts'
import type { LinesOfSide } from './changed-lines.ts'

/** Changed lines of one side, those of its file that can run, and those that ran while a test was called. */
export interface MeasuredLines extends LinesOfSide {
  readonly runnable: ReadonlySet<number>
  readonly ran: ReadonlySet<number>
}

/** Counts the changed lines that can run, and lists those that did not. */
export function tallyLines(sides: readonly MeasuredLines[]): Omit<ExecutedCount, 'notMeasured'> {
  const total = { lines: 0, ran: 0 }
  const notRun: ExecutedCount['notRun'] = []
  for (const { path, of, lines: changed, runnable, ran } of sides) {
    const counted = [...changed].filter((line) => runnable.has(line))
    const left = counted.filter((line) => !ran.has(line))
    total.lines += counted.length
    total.ran += counted.length - left.length
    if (left.length > 0) notRun.push({ path, of, lines: spellLines(left) })
  }
  return { ...total, notRun }
}

/** 3, 4, 5 and 9 → '3-5,9'. */
function spellLines(lines: readonly number[]): string {
  const spans: [number, number][] = []
  for (const line of [...lines].sort((a, b) => a - b)) {
    const last = spans.at(-1)
    if (last?.[1] === line - 1) last[1] = line
    else spans.push([line, line])
  }
  return spans.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',')
}
