import { failingTestIds } from '../../core/failure/index.ts'
import type { Execution } from '../../model/evidence.ts'
import type { Oid } from '../../model/oid.ts'
import type { TracedRun } from '../../ports/tracer.ts'
import { judgesOfRun } from '../judges/index.ts'
import { type Session, throwIfAborted, timeLeft, withWorkspace } from '../session/index.ts'
import type { Measurement, Measuring } from './round.ts'

/**
 * Tracing slows a Python run down by a factor of 2 to 3, and tight loops by 9. A traced run therefore gets this much more
 * time.
 */
const SLOWER = 4
const AT_LEAST_MORE = 30_000

/** The parts of a session that a traced run uses. */
export type TracedSession = Measuring & Pick<Session, 'redactor'>

/** What the tracers of a run bring into it. */
export interface Tracing {
  readonly files: ReadonlyMap<string, Uint8Array>
  env(run: TracedRun): Readonly<Record<string, string>>
}

/**
 * How many ms a repeated run under a tracer may take: a multiple of the time without it, for a hang the same time again, and
 * never more than half of what is left of the session.
 */
export function tracedRunLimit({ ended, durationMs }: Pick<Execution, 'ended' | 'durationMs'>, left: number): number {
  const wanted = ended.how === 'timed-out' ? durationMs : Math.max(durationMs * SLOWER, durationMs + AT_LEAST_MORE)
  return Math.max(1, Math.min(wanted, left / 2))
}

/** Runs a target once more under tracers. Such a run never counts for a verdict. `root`: where the tree stood. */
export function runTraced(
  session: TracedSession,
  tree: Oid,
  measurement: Pick<Measurement, 'target' | 'execution' | 'tests'>,
  tracing: Tracing,
): Promise<{ execution: Execution; root: string }> {
  const timeoutMs = tracedRunLimit(measurement.execution, timeLeft(session))
  return runInstrumented(session, tree, measurement, { ...tracing, timeoutMs, signal: session.signal })
}

/** A run with files and variables that watch it, which ends after `timeoutMs` at the latest. */
export async function runInstrumented(
  session: TracedSession,
  tree: Oid,
  { target, execution, tests }: Pick<Measurement, 'target' | 'execution' | 'tests'>,
  tracing: Tracing & { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<{ execution: Execution; root: string }> {
  const { settings, sandbox, environment } = session
  const hung = execution.ended.how === 'timed-out'
  const { timeoutMs, signal } = tracing
  const judges = await judgesOfRun(session, tree, { writeAccess: 'known' })
  return withWorkspace(session, tree, async (workspace) => {
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
      buildCaches: 'use',
      reportFiles: tracing.files,
      reportEnv: (reports) =>
        tracing.env({
          ...{ reports, root, env: environment, endsAfterMs: hung ? timeoutMs : null },
          failing: failingTestIds(tests),
        }),
      redactor: session.redactor,
      signal,
    })
    throwIfAborted(session)
    return { execution: run, root }
  })
}
