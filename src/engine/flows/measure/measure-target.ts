import { writeRun } from '../../core/bundle/index.ts'
import { readExecution } from '../../core/failure/index.ts'
import { couldBeLoaded } from '../../core/judges/index.ts'
import { spellCommand, type Target } from '../../model/command.ts'
import type { TestReport } from '../../model/evidence.ts'
import { labelOf, stepOf } from '../../model/run-purpose.ts'
import type { Runner } from '../../ports/runner.ts'
import type { SandboxJob } from '../../ports/sandbox.ts'
import type { Workspace } from '../../ports/workspace.ts'
import type { JudgesOfRun } from '../judges/index.ts'
import { type Session, throwIfAborted, timeLeft } from '../session/index.ts'
import { readingUnlessFileAbsent } from './absent-files.ts'

import type { Measurement, Measuring, RoundSpec } from './round.ts'

/** What the runs of one round have in common. */
interface RoundState {
  readonly judges: JudgesOfRun
  /** Tells which files were read since the round began; null: that is not asked for. */
  readonly readsSoFar: (() => Promise<ReadonlySet<string> | null>) | null
}

/** One execution, and the files that were read in the round until its end. */
export interface MeasuredTarget {
  readonly measurement: Measurement
  readonly reads: ReadonlySet<string> | null
}

/** Runs one target in a work tree that was checked out, and reads what it showed. */
export async function measureTarget(
  session: Measuring,
  spec: RoundSpec,
  target: Target,
  workspace: Workspace,
  { judges, readsSoFar }: RoundState,
): Promise<MeasuredTarget> {
  const { settings } = session
  // A trial has a limit of its own: what the user says about the whole command neither stretches nor cuts it.
  const stated = target.hangAfterSec ? target.hangAfterSec * 1000 : settings.hangAfterMs
  const hangAfterMs = spec.trialMs === undefined ? stated : null
  const { trialMs = Number.POSITIVE_INFINITY, cutAfterMs = Number.POSITIVE_INFINITY } = spec
  const perCommandMs = Math.min(settings.perCommandMs, trialMs, cutAfterMs)
  const [timeoutMs, limit] = shortest(hangAfterMs, perCommandMs, timeLeft(session))
  const lister = listerOf(session, spec, target)
  const testListing = lister?.testListing()
  const before = await workspace.stamps(judges.free)
  const execution = await session.sandbox.run({
    command: target.command,
    workspace,
    cwd: target.cwd,
    env: session.environment,
    timeoutMs,
    limit,
    ...(limit === 'per-command' && timeoutMs === settings.perCommandMs && progressOf(session, spec)),
    maxOutputBytes: settings.maxOutputBytes,
    network: settings.network,
    readOnly: judges.readOnly,
    includes: session.includes,
    buildCaches: isOfBaseAlone(session, spec) ? 'fill' : 'use',
    ...(testListing ? { reportEnv: (reports: string) => appended(session.environment, testListing.env(reports)) } : {}),
    redactor: session.outputRedactor,
    signal: session.signal,
  })
  throwIfAborted(session)
  // Before git pp reads these files itself.
  const reads = (await readsSoFar?.()) ?? null
  const inspected = session.inspector.inspect(spellCommand(target.command), execution, target.cwd)
  const { runner, tests: printed, reruns, invalid, headline } = inspected
  const listed = testListing ? whole(testListing.read?.(execution.reports) ?? printed, printed) : null
  // What counts like any other run is compared with runs that list nothing, so its tests are those of its output, too.
  const tests = spec.testListing === 'of the command' ? printed : (listed ?? printed)
  const standing = listed === printed ? null : lister?.insteadOf?.(listed?.tests ?? [], '')
  const insteadOf = new Map([...inspected.insteadOf, ...(standing ?? [])])
  const shown = readExecution(execution, { hangAfterMs, invalid, tests, headline })
  const reading = await readingUnlessFileAbsent(session, spec.tree, target, { reading: shown, tests, insteadOf })
  const after = await workspace.stamps(judges.free)
  const isTrial = spec.trialMs !== undefined
  const measurement: Measurement = {
    ...{ target, execution, reading, tests, listed, reruns, insteadOf, headline, runner },
    judgesTouched: await workspace.touched(judges.all),
    judgesFree: judges.free,
    judgesMoved: judges.free.filter((path) => before.get(path) !== after.get(path)),
    judgesPlanted: isTrial
      ? []
      : await workspace.untracked((path) => couldBeLoaded(path, session.judgeOf), session.base.tree),
    judgesRefused: [],
  }
  if (!isTrial) note(session, spec, measurement)
  return { measurement, reads }
}

/** Whether nothing of a change can have run: the observed run of the base's own tree. */
function isOfBaseAlone({ base }: Pick<Session, 'base'>, { tree, observe, edits }: RoundSpec): boolean {
  return observe === true && tree === base.tree && edits === undefined
}

/**
 * The runner that lists the tests of a target in this round. A runner that the command names writes a report file; one whose
 * output would be another is not asked to in a run that counts.
 */
export function listerOf(
  { inspector, settings }: Pick<Session, 'inspector' | 'settings'>,
  { testListing }: Pick<RoundSpec, 'testListing'>,
  { command }: Target,
): Runner | null {
  if (testListing !== 'of the command') return testListing ?? null
  const runner = settings.runs === 0 ? null : inspector.runnerOf(spellCommand(command))
  return runner?.testListing()?.read ? runner : null
}

/** The test listing, unless the output shows more tests: of several runs in one command, a listing holds the last one only. */
function whole(listed: TestReport | null, printed: TestReport | null): TestReport | null {
  return listed && printed && countOf(listed) < countOf(printed) ? printed : listed
}

function countOf({ counts }: TestReport): number {
  return counts.passed + counts.failed + counts.skipped
}

/**
 * Variables that hold options, such as PYTEST_ADDOPTS, are lists: the options for the test listing are appended to the
 * existing ones.
 */
function appended(before: Readonly<Record<string, string>>, more: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(more).map(([name, value]) => [name, before[name] ? `${before[name]} ${value}` : value]),
  )
}

/** How long without output a run may be that takes longer than the default limit. */
const SILENT_MS = 60_000
/** How many times as long as the first runs another one may take. */
const LONGER = 3
const FIRST: ReadonlySet<string> = new Set<RoundSpec['step']['is']>(['base', 'base-judges', 'base-tests'])

/**
 * The default limit is no wish of anybody, and a slow suite is no fault: a first run that still prints goes on until the session
 * ends, and later ones may take a few times as long as it did.
 */
function progressOf(session: Measuring, { step, trialMs }: RoundSpec): Pick<SandboxJob, 'progress'> {
  const { settings, runs } = session
  if (settings.perCommandStated || trialMs !== undefined) return {}
  const first = runs.filter(({ on }) => FIRST.has(stepOf(on)?.is ?? '')).map(({ durationMs }) => durationMs)
  const most = FIRST.has(step.is) ? Number.POSITIVE_INFINITY : LONGER * Math.max(0, ...first)
  const untilMs = Math.min(most, timeLeft(session))
  return untilMs > settings.perCommandMs ? { progress: { withinMs: SILENT_MS, untilMs } } : {}
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
  if (spec.keep !== null) writeRun(record, spec.keep, { ...spec, ...measurement })
}
