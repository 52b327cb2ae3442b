import { appendFileSync } from 'node:fs'
import { homedir } from 'node:os'
import {
  type Caller,
  PpError,
  type TerminalReporter,
  type TerminalStyles,
  terminalReporter,
  terminalStyles,
  type Verbosity,
  wantsColour,
} from '../engine/index.ts'
import { BUILT_PROGRAM } from './built.ts'
import { endWhenStuck } from './end-when-stuck.ts'
import { isTerminal, outputStream } from './output.ts'

/** What the engine gets to know about the process. */
export function caller(version: string, signal: AbortSignal): Caller {
  return {
    cwd: here(),
    env: process.env,
    home: homedir(),
    uid: process.getuid?.() ?? -1,
    gid: process.getgid?.() ?? -1,
    version,
    node: process.execPath,
    ...(BUILT_PROGRAM !== null && { program: BUILT_PROGRAM }),
    signal,
    ...traceTo(process.env['PP_TRACE']),
  }
}

/** The place for the trace from PP_TRACE: 1 = stderr, otherwise the file to which lines are added. Throws USAGE. */
function traceTo(place: string | undefined): Pick<Caller, 'trace'> {
  if (place === undefined || place === '' || place === '0') return {}
  if (place === '1') return { trace: (line) => void outputStream(2).write(`${line}\n`) }
  const add = (text: string) => appendFileSync(place, text, { mode: 0o600 })
  try {
    add('')
  } catch (cause) {
    const mend = 'PP_TRACE=1 writes the trace to stderr'
    throw new PpError('USAGE', `the file that PP_TRACE names cannot be written: ${place}`, { cause, mend })
  }
  return { trace: (line) => add(`${line}\n`) }
}

function here(): string {
  try {
    return process.cwd()
  } catch (cause) {
    throw new PpError('USAGE', 'the current directory no longer exists; change to one that does', { cause })
  }
}

const STOPS = [
  ['SIGINT', 'INTERRUPTED', 'interrupted'],
  ['SIGTERM', 'TERMINATED', 'terminated'],
  ['SIGHUP', 'TERMINATED', 'the terminal was closed'],
] as const

/** In ms. `git pp` gets one Ctrl-C twice: from the terminal, and from git, which passes it on. */
const SAME_PRESS = 1000

/**
 * Aborts at the first Ctrl-C, SIGTERM or SIGHUP. At the second, it calls `atOnce`, and the process ends. A process that is
 * stuck and cannot notice the second one is ended by `endWhenStuck`.
 */
export function interruptSignal(atOnce: (fault: PpError) => void): AbortSignal {
  const controller = new AbortController()
  let pressedAt = 0
  for (const [name, code, text] of STOPS) {
    process.on(name, () => {
      const fault = new PpError(code, text)
      if (controller.signal.aborted && performance.now() - pressedAt < SAME_PRESS) return
      if (controller.signal.aborted) {
        atOnce(fault)
        process.exit(fault.status)
      }
      pressedAt = performance.now()
      outputStream(2).write('\nstopping and cleaning up; interrupt again to stop at once\n')
      endWhenStuck()
      controller.abort(fault)
    })
  }
  return controller.signal
}

/** What a verb that serves others is told to do: to end when its work is done, and to end now. */
export interface DrainSignals {
  readonly drain: AbortSignal
  readonly stop: AbortSignal
}

/** The first Ctrl-C, SIGTERM or SIGHUP drains, the second stops, and at the third `atOnce` is called and the process ends. */
export function drainSignals(atOnce: (fault: PpError) => void): DrainSignals {
  const [drain, stop] = [new AbortController(), new AbortController()]
  let pressedAt = Number.NEGATIVE_INFINITY
  for (const [name, code, text] of STOPS) {
    process.on(name, () => {
      if (performance.now() - pressedAt < SAME_PRESS) return
      pressedAt = performance.now()
      const fault = new PpError(code, text)
      if (!drain.signal.aborted) {
        outputStream(2).write('\nending when the jobs under way are done; interrupt again to give them back\n')
        drain.abort(fault)
      } else if (stop.signal.aborted) {
        atOnce(fault)
        process.exit(fault.status)
      } else stop.abort(fault)
    })
  }
  return { drain: drain.signal, stop: stop.signal }
}

/** The colours for a terminal, or for anything else. */
export function paintFor(isTerminal: boolean): TerminalStyles {
  return terminalStyles(wantsColour(isTerminal, process.env))
}

/** A reporter on stderr that ticks until `end` is called. */
export function startReporter(loudness: Verbosity): TerminalReporter {
  const onTerminal = isTerminal(2)
  const screen = {
    live: onTerminal && process.env['TERM'] !== 'dumb',
    columns: (onTerminal ? outputStream(2).columns : undefined) ?? 80,
    paint: paintFor(onTerminal),
    write: (text: string) => void outputStream(2).write(text),
  }
  const reporter = terminalReporter(screen, loudness, () => performance.now())
  const timer = setInterval(() => reporter.tick(), 1000)
  timer.unref()
  return {
    ...reporter,
    end() {
      clearInterval(timer)
      reporter.end()
    },
  }
}
