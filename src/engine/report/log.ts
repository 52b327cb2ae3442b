import type { GateLine } from '../model/gate.ts'
import type { LogEntry } from '../model/proof-view.ts'
import { escapeLine } from './escape.ts'
import type { TerminalStyles } from './terminal-styles.ts'
import { verdictWord } from './text.ts'

/** The text of `log`: session, verdict, counts, commit, day, subject; one line for each proof, in the given order. */
export function logText(entries: readonly LogEntry[], paint: TerminalStyles): string[] {
  const widest = Math.max(0, ...entries.map((entry) => entry.verdict.length))
  return entries.map((entry) => {
    const verdict = `${verdictWord(escapeLine(entry.verdict), paint)}${' '.repeat(widest - entry.verdict.length)}`
    const { before, reds, greens } = entry.counts
    const counts = before === undefined ? `red ${reds} green ${greens}` : `green ${before} green ${greens}`
    const commit = entry.commit?.slice(0, 12) ?? '-'.padEnd(12)
    const from = entry.from === null ? [] : [`(from ${entry.from})`]
    const words = [entry.kind.padEnd(5), counts, commit, entry.at.slice(0, 10), entry.subject, ...from].map(escapeLine)
    return [escapeLine(entry.session), verdict, ...words].join('  ').trimEnd()
  })
}

/** The text of `log --gate`: time, agent, its session, what it was told and why, and how long it waited. */
export function gateLogText(lines: readonly GateLine[], paint: TerminalStyles): string[] {
  return lines.map(({ at, agent, session, event, word, go, reason, tookMs }) => {
    const told = event === 'begin' ? 'begins' : go ? 'may stop' : 'sent back'
    const verdict = event === 'begin' ? '' : verdictWord(escapeLine(word), paint)
    const words = [`${at.slice(0, 19)}Z`, agent.padEnd(8), session, told.padEnd(9), verdict]
    return [...words, escapeLine(reason), `${(tookMs / 1000).toFixed(1)} s`].join('  ')
  })
}
