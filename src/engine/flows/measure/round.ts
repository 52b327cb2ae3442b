import { writeRun } from '../../core/bundle/index.ts'
import { furtherFolder } from '../../core/bundle-layout/index.ts'
import { printedText } from '../../core/bytes/index.ts'
import { failingTestIds, mentionsRefusedWrite, readExecution } from '../../core/failure/index.ts'
import { rememberWrites } from '../../core/judge-mounts/index.ts'
import type { Edits } from '../../model/change.ts'
import { spellCommand, type Target } from '../../model/command.ts'
import type { Evidence, Execution, Reading, Rerun, TestReport } from '../../model/evidence.ts'
import type { Oid } from '../../model/oid.ts'
import { labelOf, type RunStep } from '../../model/run-step.ts'
import type { FailuresInsteadOfTests, Runner } from '../../ports/runner.ts'
import type { Workspace } from '../../ports/workspace.ts'
import {
  type JudgesOfRun,
  type JudgeWriteAccess,
  judgesOfRun,
  judgesWrittenIn,
  judgeWriteRefusal,
  writesToRemember,
} from '../judges/index.ts'
import { type Session, throwIfAborted, timeLeft, withWorkspace } from '../session/index.ts'
import { readingUnlessFileAbsent } from './absent-files.ts'

/** One execution, and what it means. */
export interface Measurement {
  readonly target: Target
  readonly execution: Execution
  readonly reading: Reading
  readonly tests: TestReport | null
  /** Tests that their runner itself ran again in this one execution. */
  readonly reruns: readonly Rerun[]
  /** Failing ids of `tests` that name no test: a hook, a file, a package; with what the ids of the tests there begin with. */
  readonly insteadOf: FailuresInsteadOfTests
  readonly headline: string
  readonly runner: Runner | null
  /** Judge files that were not what they should be after the run → a digest of what stood there. */
  readonly judgesTouched: ReadonlyMap<string, string>
  /** Judges that the command could write, and those of them that it wrote, put back or not. */
  readonly judgesFree: readonly string[]
  readonly judgesMoved: readonly string[]
  /** Judges that it could not write and without which it does not pass. */
  readonly judgesRefused: readonly string[]
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
  readonly step: RunStep
  /** Bundle folder for the evidence; null = not kept (probes of the minimiser). */
  readonly keep: string | null
  readonly targets?: readonly Target[]
  /** Written into the work tree before the run: poison, an added test. */
  readonly edits?: Edits
  /** Environment that makes a runner list its tests. */
  readonly testListing?: Runner
  /** What the command may do to judges; default: write those that are known to be written. */
  readonly writeAccess?: JudgeWriteAccess
  /** A trial of a search: neither told nor listed among the runs, and cut off after so many ms. */
  readonly trialMs?: number
}

/** What running commands uses: it runs, reads and notes down; it writes nothing to the repository. */
export type Measuring = Pick<
  Session,
  | 'targets'
  | 'kind'
  | 'place'
  | 'typed'
  | 'settings'
  | 'allowedBy'
  | 'alsoTree'
  | 'begun'
  | 'environment'
  | 'includes'
  | 'signal'
> &
  Pick<
    Session,
    'objects' | 'judgeOf' | 'workspaces' | 'sandbox' | 'inspector' | 'reporter' | 'clock' | 'outputRedactor'
  > &
  Pick<Session, 'record' | 'runs' | 'writable'>

/** The same round once more, before it decides against a change. */
export function onceMore(spec: RoundSpec): RoundSpec {
  const keep = spec.keep === null ? null : furtherFolder(spec.keep, 'again')
  return { ...spec, step: { ...spec.step, again: true }, keep }
}

/** Runs targets on a tree; once more with all judges writable where an output says that something was not. */
export async function measureTree(session: Measuring, spec: RoundSpec): Promise<Round> {
  const round = await once(session, spec)
  const guarded = session.sandbox.enforces.judgesReadOnly && spec.writeAccess !== 'all' && spec.trialMs === undefined
  if (!guarded || !round.measurements.some(isHindered)) return round
  const keep = spec.keep === null ? null : furtherFolder(spec.keep, 'judges_writable')
  const free = await once(session, { ...spec, step: { ...spec.step, judges: 'writable' }, keep, writeAccess: 'all' })
  return unhindered(session, spec, round, free)
}

async function once(session: Measuring, spec: RoundSpec): Promise<Round> {
  return withWorkspace(session, spec.tree, async (workspace) => {
    if (spec.edits) await workspace.write(spec.edits)
    const judges = await judgesOfRun(session, spec.tree, {
      edits: spec.edits,
      writeAccess: spec.writeAccess ?? 'known',
    })
    const measurements: Measurement[] = []
    for (const target of spec.targets ?? session.targets) {
      throwIfAborted(session)
      // Each starts from what was checked out.
      await workspace.restore(measurements.at(-1)?.judgesMoved ?? [])
      measurements.push(await measureOne(session, spec, target, workspace, judges))
    }
    const guarded = session.sandbox.enforces.judgesReadOnly ? judges.readOnly.length + judges.free.length : 0
    return { tree: spec.tree, measurements, unguarded: judges.all.length - guarded }
  })
}

function isHindered({ reading, execution }: Measurement): boolean {
  return (reading.is === 'red' || reading.is === 'invalid') && mentionsRefusedWrite(printedText(execution))
}

/**
 * What counts of a round that was hindered and the same with all judges writable. What code of the base or of the red tree wrote
 * is known from now on. A change may have let its tests come to a write, or may want to forge what they compare with: nobody
 * can tell, so that decides nothing.
 */
function unhindered(
  session: Pick<Session, 'writable' | 'settings' | 'allowedBy'>,
  { tree, edits }: RoundSpec,
  round: Round,
  free: Round,
): Round {
  const known = new Set(round.measurements.flatMap(({ judgesFree }) => judgesFree))
  const wrote = judgesWrittenIn(free.measurements).filter((path) => !known.has(path))
  if (wrote.length === 0) return round
  const learnt = edits ? null : writesToRemember(session, tree, wrote)
  if (learnt)
    for (const { judgesMoved, judgesTouched } of free.measurements) rememberWrites(learnt, judgesMoved, judgesTouched)
  const measurements = free.measurements.map((now, at): Measurement => {
    const was = round.measurements[at] ?? now
    if (learnt) return { ...now, judgesFree: [...was.judgesFree, ...wrote] }
    if (was.reading.is === 'green') return was
    const { judgesTouched, judgesFree, judgesMoved } = was
    const one = { ...now, judgesTouched, judgesFree, judgesMoved }
    if (now.reading.is !== 'green') return one
    return { ...one, reading: { is: 'undecided', reason: judgeWriteRefusal(wrote) }, judgesRefused: wrote }
  })
  return { ...free, measurements }
}

async function measureOne(
  session: Measuring,
  spec: RoundSpec,
  target: Target,
  workspace: Workspace,
  judges: JudgesOfRun,
): Promise<Measurement> {
  const { settings } = session
  const hangAfterMs = target.hangAfterSec ? target.hangAfterSec * 1000 : settings.hangAfterMs
  const perCommandMs = Math.min(settings.perCommandMs, spec.trialMs ?? Number.POSITIVE_INFINITY)
  const [timeoutMs, limit] = shortest(hangAfterMs, perCommandMs, timeLeft(session))
  const testListing = spec.testListing?.testListing()
  const before = await workspace.stamps(judges.free)
  const execution = await session.sandbox.run({
    command: target.command,
    workspace,
    cwd: target.cwd,
    env: session.environment,
    timeoutMs,
    limit,
    maxOutputBytes: settings.maxOutputBytes,
    network: settings.network,
    readOnly: judges.readOnly,
    includes: session.includes,
    ...(testListing ? { reportEnv: (reports: string) => appended(session.environment, testListing.env(reports)) } : {}),
    redactor: session.outputRedactor,
    signal: session.signal,
  })
  throwIfAborted(session)
  const inspected = session.inspector.inspect(spellCommand(target.command), execution, target.cwd)
  const { runner, tests: printed, reruns, invalid, headline } = inspected
  const tests = testListing?.read ? whole(testListing.read(execution.reports), printed) : printed
  const listed = tests === printed ? null : spec.testListing?.insteadOf?.(tests?.tests ?? [], '')
  const insteadOf = new Map([...inspected.insteadOf, ...(listed ?? [])])
  const shown = readExecution(execution, { hangAfterMs, invalid, tests, headline })
  const reading = await readingUnlessFileAbsent(session, spec.tree, target, { reading: shown, tests })
  const after = await workspace.stamps(judges.free)
  const measurement: Measurement = {
    ...{ target, execution, reading, tests, reruns, insteadOf, headline, runner },
    judgesTouched: await workspace.touched(judges.all),
    judgesFree: judges.free,
    judgesMoved: judges.free.filter((path) => before.get(path) !== after.get(path)),
    judgesRefused: [],
  }
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

/** Variables of options, such as PYTEST_ADDOPTS, are lists: what the test listing asks for stands after what is there. */
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

function note(
  { runs, reporter, record }: Pick<Session, 'runs' | 'reporter' | 'record'>,
  spec: RoundSpec,
  measurement: Measurement,
): void {
  const { target, execution, reading } = measurement
  const row = { target: target.name, reading, durationMs: Math.round(execution.durationMs) }
  runs.push({ on: labelOf(spec.step), ...row, ended: execution.ended })
  reporter.tell({ is: 'run', step: spec.step, ...row })
  if (spec.keep !== null) writeRun(record, spec.keep, evidence(spec, measurement), execution)
}

function evidence(spec: RoundSpec, { target, execution, reading, tests, judgesTouched }: Measurement): Evidence {
  const { kept: _out, ...stdout } = execution.stdout
  const { kept: _err, ...stderr } = execution.stderr
  return {
    target: target.name,
    on: labelOf(spec.step),
    tree: spec.tree,
    ended: execution.ended,
    reading,
    startedAt: execution.startedAt,
    durationMs: Math.round(execution.durationMs),
    stdout,
    stderr,
    tests,
    judgesTouched: [...judgesTouched.keys()],
  }
}

/** The measurements that are red. */
export function redMeasurements(round: Round): readonly Measurement[] {
  return round.measurements.filter(({ reading }) => reading.is === 'red')
}

export function allGreen(round: Round): boolean {
  return round.measurements.every(({ reading }) => reading.is === 'green')
}

/** The first measurement that decides nothing, if any: what did not run before what ran for nothing. */
export function firstUndecided(round: Round): Measurement | null {
  const first = (is: Reading['is']) => round.measurements.find(({ reading }) => reading.is === is)
  return first('undecided') ?? first('invalid') ?? null
}

/** How long all targets took together, in ms. */
export function roundDuration(round: Round): number {
  return round.measurements.reduce((sum, { execution }) => sum + execution.durationMs, 0)
}

export function failingTestsOf(round: Round): string[] {
  return round.measurements.flatMap(({ tests }) => failingTestIds(tests))
}
