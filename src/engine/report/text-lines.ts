import type { Reading } from '../model/evidence.ts'
import { escapeLine } from './escape.ts'
import type { TerminalStyles } from './terminal-styles.ts'

/** The width of the column of labels, including the blank after it. */
const COLUMN = 11

/** `label:` and its lines, aligned; nothing for no lines. The lines must be escaped already. */
export function labelledBlock(label: string, lines: readonly string[], paint: TerminalStyles): string[] {
  return lines.map((line, at) => {
    const head = at === 0 ? `${label}:` : ''
    return `${paint.faint(head.padEnd(COLUMN))}${line}`.trimEnd()
  })
}

/** The first `most` lines, and a line that says how many are missing. */
export function firstLines(lines: readonly string[], most: number, where: string): readonly string[] {
  const more = lines.length - most
  return more <= 0 ? lines : [...lines.slice(0, most), `(${more} more: ${where})`]
}

/** Milliseconds in words: `0.8 s`, `42 s`, `3 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  return seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** What a run showed, in a few words; a red names its first failing test and why. */
export function readingLine(reading: Reading, paint: TerminalStyles): string {
  switch (reading.is) {
    case 'green':
      return paint.good('green')
    case 'red': {
      const [first = '', ...others] = reading.failing
      const reason = reading.reason.includes(first) ? reading.reason : `${first}, ${reading.reason}`
      return `${paint.bad('red')}: ${escapeLine(reason)}${others.length > 0 ? ` (and ${others.length} more)` : ''}`
    }
    case 'invalid':
      return `${paint.unsure('no test failure')}: ${escapeLine(reading.reason)}`
    case 'undecided':
      return `${paint.unsure('undecided')}: ${escapeLine(reading.reason)}`
  }
}
