import { writeJson } from '../../core/bundle/index.ts'
import { FOLDERS, runFile } from '../../core/bundle-layout/index.ts'
import { failureDifference, readExecution } from '../../core/failure/index.ts'
import { spellCommand } from '../../model/command.ts'
import type { Execution } from '../../model/evidence.ts'
import type { Trace } from '../../model/trace.ts'
import type { Tracer, TrackedFiles } from '../../ports/tracer.ts'
import { judgesOfRun } from '../judges/index.ts'
import { type Measurement, type Measuring, type Round, redMeasurements } from '../measure/index.ts'
import { type Session, throwIfAborted, timeLeft, withWorkspace } from '../session/index.ts'
import type { VisibleFiles } from './visible-files.ts'

/**
 * Tracing slows a Python run down by a factor of 2 to 3, and tight loops by 9. A traced run therefore gets this much more
 * time.
 */
const SLOWER = 4
const AT_LEAST_MORE = 30_000
/** Programs that only check files do not execute them, so there is nothing to trace. */
const CHECKERS = /\b(?:tsc|mypy|pyright|eslint|biome|ruff|flake8|pylint|black|prettier|cargo check|go vet)\b/

/** The parts of a session that a traced run uses. */
export type TracedSession = Measuring & Pick<Session, 'redactor'>

/** What traced runs showed. `again`: whether all of them failed as the run without a tracer did; null: there was none. */
export interface TracedFailure {
  readonly traces: readonly Trace[]
  readonly again: boolean | null
}

/**
 * Runs the failing targets of the base once more under a tracer. The run that gives the verdict is never traced. A trace of a
 * run that failed in another way is dropped, and trace.json says so.
 */
export async function traceFailure(
  session: TracedSession,
  base: Round,
  tracers: readonly Tracer[],
  files: VisibleFiles,
): Promise<TracedFailure> {
  const fitting = tracers.filter((one) => files.paths.some((path) => one.traces(path)))
  const tracked = trackedFiles(files, fitting)
  const traces: Trace[] = []
  let again: boolean | null = null
  for (const red of redMeasurements(base)) {
    const path = runFile(FOLDERS.baseline, red.target.name, 'trace.json')
    const none = noTrace(red, fitting)
    if (none !== null) {
      writeJson(session.record, path, { kept: false, why: none, tracers: [] })
      continue
    }
    session.reporter.tell({ is: 'phase', name: 'trace', detail: 'what runs when it fails?' })
    const { execution, root } = await runTraced(session, base, red, fitting)
    const differs = difference(session, red, execution)
    const read = fitting.map(async (one) => ({
      kind: one.kind,
      trace: await one.read(execution.reports, tracked, { root }),
    }))
    const found = (await Promise.all(read)).filter(
      ({ trace }) => trace !== null && (trace.spectra.length > 0 || trace.frames.length > 0),
    )
    again = differs === null && again !== false
    if (differs === null) traces.push(...found.flatMap(({ trace }) => trace ?? []))
    writeJson(session.record, path, {
      kept: differs === null && found.length > 0,
      why: differs ?? (found.length > 0 ? null : 'no file of this repository was traced'),
      durationMs: Math.round(execution.durationMs),
      ended: execution.ended,
      tracers: found.map(({ kind, trace }) => ({ kind, ...sizeOf(trace) })),
    })
  }
  return { traces, again }
}

/** Texts are not redacted, because a tracer may count characters of the file as it ran. */
function trackedFiles(files: VisibleFiles, tracers: readonly Tracer[]): TrackedFiles {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  return {
    has: (path) => files.has(path) && tracers.some((one) => one.traces(path)),
    async text(path) {
      const bytes = await files.bytes(path)
      return bytes && decoder.decode(bytes)
    },
  }
}

function noTrace({ runner, target }: Measurement, fitting: readonly Tracer[]): string | null {
  if (fitting.length === 0) return 'git pp has no tracer for the languages of this repository'
  if (runner === null && CHECKERS.test(spellCommand(target.command))) return 'the command only checks files'
  return null
}

/**
 * How many ms a repeated run under a tracer may take: a multiple of the time without it, for a hang the same time again, and
 * never more than half of what is left of the session.
 */
export function tracedRunLimit({ ended, durationMs }: Pick<Execution, 'ended' | 'durationMs'>, left: number): number {
  const wanted = ended.how === 'timed-out' ? durationMs : Math.max(durationMs * SLOWER, durationMs + AT_LEAST_MORE)
  return Math.max(1, Math.min(wanted, left / 2))
}

async function runTraced(
  session: TracedSession,
  base: Round,
  { target, execution }: Measurement,
  tracers: readonly Tracer[],
): Promise<{ execution: Execution; root: string }> {
  const { settings, sandbox, environment } = session
  const hung = execution.ended.how === 'timed-out'
  const timeoutMs = tracedRunLimit(execution, timeLeft(session))
  const judges = await judgesOfRun(session, base.tree, { writeAccess: 'known' })
  return withWorkspace(session, base.tree, async (workspace) => {
    const root = sandbox.workdir ?? (sandbox.enforces.atCheckoutPath ? session.place.top : workspace.dir)
    const run = await sandbox.run({
      command: target.command,
      workspace,
      cwd: target.cwd,
      env: environment,
      timeoutMs,
      limit: 'hang-after',
      maxOutputBytes: settings.maxOutputBytes,
      network: settings.network,
      readOnly: judges.readOnly,
      includes: session.includes,
      reportFiles: new Map(tracers.flatMap((one) => [...one.files()])),
      reportEnv: (reports) =>
        Object.assign(
          {},
          ...tracers.map((one) => one.env({ reports, root, env: environment, endsAfterMs: hung ? timeoutMs : null })),
        ),
      redactor: session.redactor,
      signal: session.signal,
    })
    throwIfAborted(session)
    return { execution: run, root }
  })
}

/** Why the traced run did not fail as the base did, or null. */
function difference({ inspector }: Pick<Session, 'inspector'>, red: Measurement, execution: Execution): string | null {
  const { tests, invalid, headline } = inspector.inspect(spellCommand(red.target.command), execution, red.target.cwd)
  const hangAfterMs = execution.ended.how === 'timed-out' ? execution.ended.afterMs : null
  const reading = readExecution(execution, { hangAfterMs, invalid, tests, headline })
  if (reading.is !== 'red') return `the command was red, but ${reading.is} while it was traced`
  return failureDifference(
    { tests: red.tests, ended: red.execution.ended, headline: red.headline },
    { tests, ended: execution.ended, headline },
  )
}

function sizeOf(trace: Trace | null) {
  const paths = new Set((trace?.spectra ?? []).flatMap(({ lines }) => [...lines.keys()]))
  return { tests: trace?.spectra.length ?? 0, files: paths.size, frames: trace?.frames.length ?? 0 }
}
