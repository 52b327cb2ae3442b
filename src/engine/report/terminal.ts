import { labelOf } from '../model/run-purpose.ts'
import type { Reporter, SessionEvent } from '../ports/reporter.ts'
import { escapeLine, printable } from './escape.ts'
import { type TerminalStyles, terminalStyles } from './terminal-styles.ts'
import { duration, readingLine } from './text-lines.ts'

/** The terminal for progress messages. `live`: its last line may be rewritten; `columns` is its width. */
export interface TerminalScreen {
  readonly live: boolean
  readonly columns: number
  readonly paint: TerminalStyles
  write(text: string): void
}

/** quiet: only warnings; verbose: every run and every step on its own line. */
export type Verbosity = 'quiet' | 'normal' | 'verbose'

/** A reporter for people. Call `tick` about once a second, and `end` once before anything else is printed. */
export interface TerminalReporter extends Reporter {
  tick(): void
  end(): void
}

const MINUTE = 60_000

/**
 * If the screen is not a terminal, it prints one line for each phase, attempt and warning, and at most one further line a
 * minute. `now` in ms.
 */
export function terminalReporter(screen: TerminalScreen, loudness: Verbosity, now: () => number): TerminalReporter {
  let phase = { name: 'start', since: now() }
  let doing = ''
  let printedAt = now()
  let drawn = false

  const shown = printable(screen.paint)
  const clear = () => {
    if (drawn) screen.write('\r\x1b[2K')
    drawn = false
  }
  const print = (line: string) => {
    clear()
    screen.write(`${shown(line)}\n`)
    printedAt = now()
  }
  const status = () => `${phase.name}${doing === '' ? '' : `: ${doing}`} (${duration(now() - phase.since)})`
  const draw = () => {
    screen.write(`\r\x1b[2K${screen.paint.faint(cut(status(), screen.columns - 1))}`)
    drawn = true
  }
  /** Shows text that matters only while it happens. */
  const passing = (text: string) => {
    doing = text
    if (loudness === 'verbose') print(`  ${text}`)
  }

  return {
    tell(event) {
      const goesOn = event.is === 'phase' && escapeLine(event.name) === phase.name
      const line = goesOn ? null : permanent(event, screen.paint)
      if (event.is === 'phase' && !goesOn) {
        phase = { name: escapeLine(event.name), since: now() }
        doing = escapeLine(event.detail)
      }
      if (loudness === 'quiet' && event.is !== 'warning') return
      if (line !== null) print(line)
      else passing(momentary(event))
      if (screen.live && loudness !== 'quiet') draw()
    },
    tick() {
      if (loudness === 'quiet') return
      if (screen.live) draw()
      else if (now() - printedAt >= MINUTE) print(status())
    },
    end: clear,
  }
}

/** One line about an event, without colours; empty for one that has nothing to say. */
export function eventLine(event: SessionEvent): string {
  return (permanent(event, terminalStyles(false)) ?? momentary(event)).trim()
}

/** The line that stays on the screen, or null for an event that is only shown while it happens. */
function permanent(event: SessionEvent, colours: TerminalStyles): string | null {
  switch (event.is) {
    case 'session': {
      const base = escapeLine(event.base).slice(0, 12)
      return `session ${escapeLine(event.session)}, base ${base}, sandbox ${escapeLine(event.sandbox)}`
    }
    case 'phase':
      return [event.name, event.detail]
        .filter((part) => part !== '')
        .map(escapeLine)
        .join(': ')
    case 'run':
      return event.step.is === 'base' && event.step.n === undefined && !event.step.judges
        ? `  ${ran(event, colours)}`
        : null
    case 'attempt': {
      const { n, proposer, verdict, detail } = event
      const head = `attempt ${n} (${escapeLine(proposer)}): ${colours.strong(escapeLine(verdict))}`
      return detail === '' ? head : `${head}, ${escapeLine(detail)}`
    }
    case 'spent':
      return `  ${escapeLine(event.proposer)}: ${escapeLine(event.line)}`
    case 'progress':
      return event.stays ? `  ${escapeLine(event.line)}` : null
    case 'warning':
      return `${colours.unsure('warning:')} ${escapeLine(event.text)}`
  }
}

/** Never coloured: it may be cut to the width of the terminal. */
function momentary(event: SessionEvent): string {
  if (event.is === 'run') return ran(event, terminalStyles(false))
  if (event.is === 'phase') return escapeLine(event.detail)
  return event.is === 'progress' ? escapeLine(event.line) : ''
}

function ran(run: Extract<SessionEvent, { is: 'run' }>, colours: TerminalStyles): string {
  return `${labelOf(run.step)} ${escapeLine(run.target)}, ${duration(run.durationMs)}, ${readingLine(run.reading, colours)}`
}

/** Cuts a line to `columns`. Characters outside of ASCII count as two columns, so the line never wraps. */
function cut(text: string, columns: number): string {
  let width = 0
  let kept = ''
  for (const char of text) {
    width += char > '\x7f' ? 2 : 1
    if (width > columns) return kept
    kept += char
  }
  return kept
}
