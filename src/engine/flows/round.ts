import { mounted } from '../core/mounted.ts'
import { failing, read } from '../core/reading.ts'
import { slug, writeRun } from '../core/record.ts'
import type { Edits } from '../model/change.ts'
import { spell, type Target } from '../model/command.ts'
import type { Evidence, Execution, Reading, Rerun, TestReport } from '../model/evidence.ts'
import type { Oid } from '../model/oid.ts'
import type { InsteadOf, Runner } from '../ports/runner.ts'
import type { Workspace } from '../ports/workspace.ts'
import { checkpoint, lend, type Session, timeLeft } from './session.ts'

/** One execution, judged. */
export interface Measurement {
  readonly target: Target
  readonly execution: Execution
  readonly reading: Reading
  readonly tests: TestReport | null
  /** Tests that their runner itself ran again in this one execution. */
  readonly reruns: readonly Rerun[]
  /** Failing ids of `tests` that name no test: a hook, a file, a package; with what the ids of the tests there begin with. */
  readonly insteadOf: InsteadOf
  readonly headline: string
  readonly runner: Runner | null
  /** Judge files that were not what they should be after the run. */
  readonly judgesTouched: readonly string[]
}

/** All targets, run one after the other in one fresh work tree. */
export interface Round {
  readonly tree: Oid
  readonly measurements: readonly Measurement[]
  /** How many judges the sandbox did not keep from being written; they were compared afterwards. */
  readonly unguarded: number
}

export interface RoundSpec {
  readonly tree: Oid
  /** For people and the record: 'base', 'attempt 2', 'red 1' … */
  readonly on: string
  /** Bundle folder for the evidence; null = not kept (probes of the minimiser). */
  readonly keep: string | null
  readonly targets?: readonly Target[]
  /** Written into the work tree before the run: poison, an added test. */
  readonly edits?: Edits
  /** Environment that makes a runner list its tests. */
  readonly census?: Runner
  /** A trial of a search: neither told nor listed among the runs, and cut off after so many ms. */
  readonly trialMs?: number
}

/** Runs targets on a tree. */
export async function measure(session: Session, spec: RoundSpec): Promise<Round> {
  return lend(session, spec.tree, async (workspace) => {
    if (spec.edits) await workspace.write(spec.edits)
    const judges = await judgeFiles(session, spec.tree, spec.edits)
    const measurements: Measurement[] = []
    for (const target of spec.targets ?? session.targets) {
      checkpoint(session)
      measurements.push(await measureOne(session, spec, target, workspace, judges))
    }
    const guarded = session.sandbox.enforces.judgesReadOnly ? mounted(judges).length : 0
    return { tree: spec.tree, measurements, unguarded: judges.length - guarded }
  })
}

async function measureOne(
  session: Session,
  spec: RoundSpec,
  target: Target,
  workspace: Workspace,
  judges: readonly string[],
): Promise<Measurement> {
  const { settings } = session
  const hangAfterMs = target.hangAfterSec ? target.hangAfterSec * 1000 : settings.hangAfterMs
  const perCommandMs = Math.min(settings.perCommandMs, spec.trialMs ?? Number.POSITIVE_INFINITY)
  const [timeoutMs, limit] = shortest(hangAfterMs, perCommandMs, timeLeft(session))
  const census = spec.census?.census()
  const execution = await session.sandbox.run({
    command: target.command,
    workspace,
    cwd: target.cwd,
    env: session.environment,
    timeoutMs,
    limit,
    maxOutputBytes: settings.maxOutputBytes,
    network: settings.network,
    readOnly: mounted(judges),
    includes: session.includes,
    ...(census ? { reportEnv: (reports: string) => appended(session.environment, census.env(reports)) } : {}),
    redactor: session.outputRedactor,
    signal: session.signal,
  })
  checkpoint(session)
  const inspected = session.inspector.inspect(spell(target.command), execution, target.cwd)
  const { runner, tests: printed, reruns, invalid, headline } = inspected
  const tests = census?.read ? whole(census.read(execution.reports), printed) : printed
  const listed = tests === printed ? null : spec.census?.insteadOf?.(tests?.tests ?? [], '')
  const insteadOf = new Map([...inspected.insteadOf, ...(listed ?? [])])
  const reading = read(execution, { hangAfterMs, invalid, tests, headline })
  const judgesTouched = await workspace.touched(judges)
  const measurement = { target, execution, reading, tests, reruns, insteadOf, headline, runner, judgesTouched }
  if (spec.trialMs === undefined) note(session, spec, measurement)
  return measurement
}

/** A list counts when it holds at least as many tests as were printed: of several runs in one command it holds the last alone. */
function whole(listed: TestReport | null, printed: TestReport | null): TestReport | null {
  return listed && printed && countOf(listed) < countOf(printed) ? printed : listed
}

function countOf({ counts }: TestReport): number {
  return counts.passed + counts.failed + counts.skipped
}

/** Variables of options, such as PYTEST_ADDOPTS, are lists: what a census asks for stands after what is there. */
function appended(before: Readonly<Record<string, string>>, more: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(more).map(([name, value]) => [name, before[name] ? `${before[name]} ${value}` : value]),
  )
}

/** Which limit ends this run first. */
function shortest(
  hangAfterMs: number | null,
  perCommandMs: number,
  sessionLeftMs: number,
): [number, 'hang-after' | 'per-command' | 'session'] {
  const left = Math.max(sessionLeftMs, 1)
  if (hangAfterMs !== null && hangAfterMs <= Math.min(perCommandMs, left)) return [hangAfterMs, 'hang-after']
  return perCommandMs <= left ? [perCommandMs, 'per-command'] : [left, 'session']
}

/** Judge files of a tree that the spec did not replace itself. */
async function judgeFiles(session: Session, tree: Oid, edits: Edits | undefined): Promise<readonly string[]> {
  const entries = await session.objects.list(tree)
  return entries
    .filter(({ mode, path }) => mode.startsWith('100') && !edits?.has(path) && session.judgeOf(path) !== null)
    .map(({ path }) => path)
}

function note(session: Session, spec: RoundSpec, measurement: Measurement): void {
  const { target, execution, reading } = measurement
  const row = { on: spec.on, target: target.name, reading, durationMs: Math.round(execution.durationMs) }
  session.runs.push({ ...row, ended: execution.ended })
  session.reporter.tell({ is: 'run', ...row })
  if (spec.keep !== null)
    writeRun(session.record, `${spec.keep}/${slug(target.name)}`, evidence(spec, measurement), execution)
}

function evidence(spec: RoundSpec, { target, execution, reading, tests, judgesTouched }: Measurement): Evidence {
  const { kept: _out, ...stdout } = execution.stdout
  const { kept: _err, ...stderr } = execution.stderr
  return {
    target: target.name,
    on: spec.on,
    tree: spec.tree,
    ended: execution.ended,
    reading,
    startedAt: execution.startedAt,
    durationMs: Math.round(execution.durationMs),
    stdout,
    stderr,
    tests,
    judgesTouched: [...judgesTouched],
  }
}

/** The measurements that are red. */
export function reds(round: Round): readonly Measurement[] {
  return round.measurements.filter(({ reading }) => reading.is === 'red')
}

export function allGreen(round: Round): boolean {
  return round.measurements.every(({ reading }) => reading.is === 'green')
}

/** The first measurement that decides nothing, if any: what did not run before what ran for nothing. */
export function unsettled(round: Round): Measurement | null {
  const first = (is: Reading['is']) => round.measurements.find(({ reading }) => reading.is === is)
  return first('undecided') ?? first('invalid') ?? null
}

/** How long all targets took together, in ms. */
export function duration(round: Round): number {
  return round.measurements.reduce((sum, { execution }) => sum + execution.durationMs, 0)
}

export function failingTests(round: Round): string[] {
  return round.measurements.flatMap(({ tests }) => failing(tests))
}
