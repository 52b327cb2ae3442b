import { failingTestIds } from '../../core/failure/index.ts'
import type { Edits } from '../../model/change.ts'
import type { Target } from '../../model/command.ts'
import type { Execution, Reading, Rerun, TestReport } from '../../model/evidence.ts'
import type { Oid } from '../../model/oid.ts'
import type { RunPurpose } from '../../model/run-purpose.ts'
import type { FailuresInsteadOfTests, Runner } from '../../ports/runner.ts'
import type { JudgeWriteAccess } from '../judges/index.ts'
import type { Session } from '../session/index.ts'

/** One execution, and what it means. */
export interface Measurement {
  readonly target: Target
  readonly execution: Execution
  readonly reading: Reading
  readonly tests: TestReport | null
  /** Every test by name, if the runner was made to list them; null: it was not, or could not. */
  readonly listed: TestReport | null
  /** Tests that their runner itself ran again in this one execution. */
  readonly reruns: readonly Rerun[]
  /**
   * Failing ids of `tests` that stand for a hook, a file or a package and not for a test → the prefix of the ids of the tests
   * in it.
   */
  readonly insteadOf: FailuresInsteadOfTests
  readonly headline: string
  readonly runner: Runner | null
  /** Judge files whose content was not as expected after the run → a digest of the content found. */
  readonly judgesTouched: ReadonlyMap<string, string>
  /**
   * `judgesFree`: judges that the command could write. `judgesMoved`: those of them that it wrote, even if it restored the
   * old content.
   */
  readonly judgesFree: readonly string[]
  readonly judgesMoved: readonly string[]
  /** Files that the run left and that would be loaded as tests or configuration; see `couldBeLoaded`. */
  readonly judgesPlanted: readonly string[]
  /** Judges that the command could not write and without which it does not pass. */
  readonly judgesRefused: readonly string[]
}

/** All targets, run one after the other in one fresh work tree. */
export interface Round {
  readonly tree: Oid
  readonly measurements: readonly Measurement[]
  /** How many judges the sandbox did not protect from being written; they were compared after the run. */
  readonly unguarded: number
  /** The files of the tree that the runs read; null: it was not observed, or could not be. */
  readonly reads: ReadonlySet<string> | null
}

export interface RoundSpec {
  readonly tree: Oid
  readonly step: RunPurpose
  /** Bundle folder for the evidence; null = not kept (probes of the minimiser). */
  readonly keep: string | null
  readonly targets?: readonly Target[] | undefined
  /** Written into the work tree before the run: poison, an added test. */
  readonly edits?: Edits
  /**
   * Makes the runner list its tests through environment variables: this one for all targets, or for each target the one that its
   * command names. Nothing else changes in the run, so it counts like any other.
   */
  readonly testListing?: Runner | 'of the command' | undefined
  /** Which judges the command may write; by default those that runs are known to write. */
  readonly writeAccess?: JudgeWriteAccess
  /** Note which files of the tree the runs read. */
  readonly observe?: boolean
  /** Cut the run off after this many ms, for runs that show nothing more once they take much longer than others did. */
  readonly cutAfterMs?: number
  /** A trial of a search: it is not reported, not listed among the runs, and is cut off after this many ms. */
  readonly trialMs?: number
}

/** The parts of a session that running commands uses. They run, read and record; they write nothing to the repository. */
export type Measuring = Pick<
  Session,
  | 'targets'
  | 'kind'
  | 'place'
  | 'typed'
  | 'settings'
  | 'allowedBy'
  | 'alsoTree'
  | 'base'
  | 'begun'
  | 'environment'
  | 'includes'
  | 'signal'
> &
  Pick<
    Session,
    'objects' | 'judgeOf' | 'workspaces' | 'sandbox' | 'inspector' | 'reporter' | 'clock' | 'outputRedactor'
  > &
  Pick<Session, 'record' | 'runs' | 'writable' | 'plantedByBase'>

/** The measurements that are red. */
export function redMeasurements(round: Round): readonly Measurement[] {
  return round.measurements.filter(({ reading }) => reading.is === 'red')
}

export function allGreen(round: Round): boolean {
  return round.measurements.every(({ reading }) => reading.is === 'green')
}

/** The first measurement that decides nothing, if any; an undecided one comes before an invalid one. */
export function firstUndecided(round: Round): Measurement | null {
  const first = (is: Reading['is']) => round.measurements.find(({ reading }) => reading.is === is)
  return first('undecided') ?? first('invalid') ?? null
}

const CUT_FACTOR = 10
const LEAST_CUT_MS = 10_000

/**
 * After how many ms to cut off a run that should take as long as these did. Needed because a failing test may keep its runner
 * from ending.
 */
export function cutAfter(measurements: readonly Measurement[]): number {
  return Math.max(LEAST_CUT_MS, ...measurements.map(({ execution }) => CUT_FACTOR * execution.durationMs))
}

/** Whether a run was cut off by a bound like that of `cutAfter`, and not for another reason. */
export function wasCutOff({ measurements }: Round): boolean {
  return measurements.some(({ execution: { ended } }) => ended.how === 'timed-out' && ended.limit === 'per-command')
}

/** How long all targets took together, in ms. */
export function roundDuration(round: Round): number {
  return round.measurements.reduce((sum, { execution }) => sum + execution.durationMs, 0)
}

export function failingTestsOf(round: Round): string[] {
  return round.measurements.flatMap(({ tests }) => failingTestIds(tests))
}
