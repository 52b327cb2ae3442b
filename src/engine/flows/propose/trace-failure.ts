import { writeJson } from '../../core/bundle/index.ts'
import { FOLDERS, runFile } from '../../core/bundle-layout/index.ts'
import { failingTestIds, failureDifference, readExecution } from '../../core/failure/index.ts'
import { spellCommand } from '../../model/command.ts'
import type { Execution } from '../../model/evidence.ts'
import type { Trace } from '../../model/trace.ts'
import type { Tracer, TrackedFiles } from '../../ports/tracer.ts'
import { type Measurement, type Round, redMeasurements, runTraced, type TracedSession } from '../measure/index.ts'
import type { Session } from '../session/index.ts'
import type { VisibleFiles } from './visible-files.ts'

/** Programs that only check files do not execute them, so there is nothing to trace. */
const CHECKERS = /\b(?:tsc|mypy|pyright|eslint|biome|ruff|flake8|pylint|black|prettier|cargo check|go vet)\b/

/** What traced runs showed. `again`: whether all of them failed as the run without a tracer did; null: there was none. */
export interface TracedFailure {
  readonly traces: readonly Trace[]
  readonly again: boolean | null
}

/**
 * Runs the failing targets of the base once more under a tracer. The run that gives the verdict is never traced. A trace of a
 * run that failed in another way is dropped, and trace.json says so.
 */
export function traceFailure(
  session: TracedSession,
  base: Round,
  tracers: readonly Tracer[],
  files: VisibleFiles,
): Promise<TracedFailure> {
  return traced(session, base, tracersOf(tracers, files), files, (path, entry) =>
    writeJson(session.record, path, entry),
  )
}

/**
 * Does so again with what tells the tests of one process apart; `tests` of trace.json says what came of it. Without a tracer
 * that can do so, nothing is run.
 */
export async function traceTests(
  session: TracedSession,
  base: Round,
  tracers: readonly Tracer[],
  files: VisibleFiles,
): Promise<readonly Trace[]> {
  const apart = tracersOf(tracers, files).flatMap((one) => (one.tests ? { ...one, ...one.tests } : []))
  if (apart.length === 0) return []
  const { traces } = await traced(session, base, apart, files, (path, entry) => {
    writeJson(session.record, path, { ...readJson(session.record, path), tests: entry })
  })
  return traces
}

function tracersOf(tracers: readonly Tracer[], files: VisibleFiles): readonly Tracer[] {
  return tracers.filter((one) => files.paths.some((path) => one.traces(path)))
}

function readJson(record: Session['record'], path: string): Record<string, unknown> {
  const content = record.get(path)
  return content instanceof Uint8Array ? (JSON.parse(new TextDecoder().decode(content)) as Record<string, unknown>) : {}
}

async function traced(
  session: TracedSession,
  base: Round,
  fitting: readonly Tracer[],
  files: VisibleFiles,
  note: (path: string, entry: Readonly<Record<string, unknown>>) => void,
): Promise<TracedFailure> {
  const tracked = trackedFiles(files, fitting)
  const traces: Trace[] = []
  let again: boolean | null = null
  for (const red of redMeasurements(base)) {
    const path = runFile(FOLDERS.baseline, red.target.name, 'trace.json')
    const none = noTrace(red, fitting)
    if (none !== null) {
      note(path, { kept: false, why: none, tracers: [] })
      continue
    }
    session.reporter.tell({ is: 'phase', name: 'trace', detail: 'what runs when it fails?' })
    const wide = widened(red)
    const { execution, root } = await runTraced(session, base.tree, wide ?? red, {
      files: new Map(fitting.flatMap((one) => [...one.files()])),
      env: (run) => Object.assign({}, ...fitting.map((one) => one.env(run))),
    })
    const cut = wasCut(red, execution)
    const differs = cut ? null : difference(session, red, execution, wide !== null)
    const read = fitting.map(async (one) => ({
      kind: one.kind,
      trace: await one.read(execution.reports, tracked, { root }),
    }))
    const found = (await Promise.all(read)).filter(
      ({ trace }) => trace !== null && (trace.spectra.length > 0 || trace.frames.length > 0),
    )
    const same = found.flatMap(({ trace }) => (trace ? ofSameFailure(trace, cut ? red : wide) : []))
    const told = cut ? same.filter(({ spectra }) => spectra.some(({ failed }) => failed)) : same
    again = differs === null && !cut && again !== false
    if (differs === null) traces.push(...told)
    note(path, {
      kept: differs === null && told.length > 0,
      why: differs ?? (cut ? CUT : told.length > 0 ? null : 'no file of this repository was traced'),
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
 * The same measurement with a command that runs the other tests of the file as well, where it names single ones: tests that pass
 * tell functions apart. Null: it names none.
 */
function widened(red: Measurement): Measurement | null {
  const command = red.runner?.widen?.(red.target.command) ?? null
  return command === null || failingTestIds(red.tests).length === 0
    ? null
    : { ...red, target: { ...red.target, command } }
}

const CUT = 'the traced run was stopped by its time limit: only tests that had ended by then count'

/** Tracing may slow a run down beyond its limit. If single tests are known to fail, those that it got to are told apart all the same. */
function wasCut(red: Measurement, { ended }: Execution): boolean {
  return ended.how === 'timed-out' && red.execution.ended.how !== 'timed-out' && failingTestIds(red.tests).length > 0
}

/** What other tests beside the wanted ones failed at, says nothing about this failure. */
function ofSameFailure(trace: Trace, known: Pick<Measurement, 'tests'> | null): Trace {
  if (known === null) return trace
  const wanted = failingTestIds(known.tests)
  const isWanted = (test: string) => wanted.some((id) => id.endsWith(test) || test.endsWith(id))
  return {
    ...trace,
    spectra: trace.spectra.filter(({ failed, test }) => !failed || test === null || isWanted(test)),
  }
}

/** Why the traced run did not fail as the base did, or null. `wide`: other tests may fail beside. */
function difference(
  { inspector }: Pick<Session, 'inspector'>,
  red: Measurement,
  execution: Execution,
  wide: boolean,
): string | null {
  const { tests, invalid, headline } = inspector.inspect(spellCommand(red.target.command), execution, red.target.cwd)
  const hangAfterMs = execution.ended.how === 'timed-out' ? execution.ended.afterMs : null
  const reading = readExecution(execution, { hangAfterMs, invalid, tests, headline })
  if (reading.is !== 'red') return `the command was red, but ${reading.is} while it was traced`
  const ids = new Set(failingTestIds(red.tests))
  const same = wide && tests ? { ...tests, tests: tests.tests.filter(({ id }) => ids.has(id)) } : tests
  return failureDifference(
    { tests: red.tests, ended: red.execution.ended, headline: red.headline },
    { tests: same, ended: execution.ended, headline },
  )
}

function sizeOf(trace: Trace | null) {
  const paths = new Set((trace?.spectra ?? []).flatMap(({ lines }) => [...lines.keys()]))
  return { tests: trace?.spectra.length ?? 0, files: paths.size, frames: trace?.frames.length ?? 0 }
}
