import { labelOf } from '../model/run-step.ts'
import type { Happening, Reporter } from '../ports/reporter.ts'
import { escapeLine, printable } from './escape.ts'
import { duration, readingLine } from './lines.ts'
import { type Paint, paint } from './paint.ts'

/** Where talk goes. `live`: a terminal whose last line may be rewritten; `columns` is its width. */
export interface Screen {
  readonly live: boolean
  readonly columns: number
  readonly paint: Paint
  write(text: string): void
}

/** quiet: warnings only; verbose: every run and every step on a line of its own. */
export type Loudness = 'quiet' | 'normal' | 'verbose'

/** A reporter for people. `tick` wants to be called about once a second, `end` once before anything else is printed. */
export interface TerminalReporter extends Reporter {
  tick(): void
  end(): void
}

const MINUTE = 60_000

/** Off a terminal it prints one line for each phase, attempt and warning, and else at most one a minute. `now` in ms. */
export function terminalReporter(screen: Screen, loudness: Loudness, now: () => number): TerminalReporter {
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
  /** What is worth knowing only while it happens. */
  const passing = (text: string) => {
    doing = text
    if (loudness === 'verbose') print(`  ${text}`)
  }

  return {
    tell(happening) {
      const goesOn = happening.is === 'phase' && escapeLine(happening.name) === phase.name
      const line = goesOn ? null : permanent(happening, screen.paint)
      if (happening.is === 'phase' && !goesOn) {
        phase = { name: escapeLine(happening.name), since: now() }
        doing = escapeLine(happening.detail)
      }
      if (loudness === 'quiet' && happening.is !== 'warning') return
      if (line !== null) print(line)
      else passing(momentary(happening))
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

/** The line that stays, or null for what only passes by. */
function permanent(happening: Happening, colours: Paint): string | null {
  switch (happening.is) {
    case 'session': {
      const base = escapeLine(happening.base).slice(0, 12)
      return `session ${escapeLine(happening.session)}, base ${base}, sandbox ${escapeLine(happening.sandbox)}`
    }
    case 'phase':
      return [happening.name, happening.detail]
        .filter((part) => part !== '')
        .map(escapeLine)
        .join(': ')
    case 'run':
      return happening.step.is === 'base' && happening.step.n === undefined && !happening.step.judges
        ? `  ${ran(happening, colours)}`
        : null
    case 'attempt': {
      const { n, proposer, verdict, detail } = happening
      const head = `attempt ${n} (${escapeLine(proposer)}): ${colours.strong(escapeLine(verdict))}`
      return detail === '' ? head : `${head}, ${escapeLine(detail)}`
    }
    case 'progress':
      return null
    case 'warning':
      return `${colours.unsure('warning:')} ${escapeLine(happening.text)}`
  }
}

/** Never coloured: it may be cut to the width of the terminal. */
function momentary(happening: Happening): string {
  if (happening.is === 'run') return ran(happening, paint(false))
  if (happening.is === 'phase') return escapeLine(happening.detail)
  return happening.is === 'progress' ? escapeLine(happening.line) : ''
}

function ran(run: Extract<Happening, { is: 'run' }>, colours: Paint): string {
  return `${labelOf(run.step)} ${escapeLine(run.target)}, ${duration(run.durationMs)}, ${readingLine(run.reading, colours)}`
}

/** Cuts a line to `columns`; what is not ASCII is counted as two wide, so it never wraps. */
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
