import { FOLDERS, furtherFolder } from '../../core/bundle-layout/index.ts'
import { printedText } from '../../core/bytes/index.ts'
import { looksTwice, planRuns, type RunPlan } from '../../core/trials/index.ts'
import type { Target } from '../../model/command.ts'
import type { Oid } from '../../model/oid.ts'
import {
  allGreen,
  firstUndecided,
  type Measurement,
  measureTree,
  type Round,
  redMeasurements,
  rememberJudgeWrites,
  roundDuration,
  undecidedOutcome,
  undecidedRoundOutcome,
  writesDenied,
} from '../measure/index.ts'
import { roundsDisagreement } from '../repeat/index.ts'
import { type Outcome, outcome, type Session, warnOnce } from '../session/index.ts'
import { type Probing, readsTree } from './probe-change.ts'

/** The failing tests of a slow suite, to be run alone. */
export interface FailingTests {
  /** The red targets, each as a command that selects its failing tests. */
  readonly targets: readonly Target[]
  /** Their first run on the red tree, which failed as the whole run did. */
  readonly round: Round
}

/** The red runs that everything is compared with. `plan`: how many there have to be in all, reds and greens. */
export interface Baseline {
  readonly round: Round
  /** All runs of the base so far, `round` first. */
  readonly rounds: readonly Round[]
  /** Reds seen so far. */
  readonly reds: number
  readonly plan: RunPlan
  /** The run of the base's own tree if the red tree is another one; null if they are the same or judges may be changed. */
  readonly own: Round | null
  /** Its failing tests, if further runs are of these alone. */
  readonly failing: FailingTests | null
}

export type BaselineResult =
  | { readonly ok: true; readonly baseline: Baseline }
  /** `green`: the first run, if every target passed in it. */
  | { readonly ok: false; readonly end: Outcome; readonly own: Round | null; readonly green: Round | null }

/** The parts of a session that are needed to run the red tree. */
export type Starting = Probing & Pick<Session, 'base' | 'baseReads' | 'warnings'>

/** Runs the red tree until it is known whether it is red, green, flaky or shows nothing. */
export async function baseline(session: Starting, tree: Oid): Promise<BaselineResult> {
  session.reporter.tell({ is: 'phase', name: 'base', detail: 'does it fail without a change?' })
  const { first, own } = await firstRuns(session, tree, FOLDERS.baseline)
  const green = allGreen(first) ? first : null
  const no = (end: Outcome): BaselineResult => ({ ok: false, end, own, green })
  const ownStuck = own === null ? null : undecidedOutcome(session, own)
  if (ownStuck) return no(ownStuck)
  if (firstUndecided(first)) return no(undecidedRoundOutcome(session, first))
  const denied = writesDenied(session) ?? unobservedDenied(session)
  if (denied) return no(denied)
  if (green) return no((await greenOnlyOnce(session, tree, first)) ?? (await greenOutcome(session, tree, first)))
  warnOnce(session, LONG_RUN, longRun(session, first))
  const unexpected = lacksExpectedText(session, first)
  if (unexpected) return no(unexpected)
  const plan = planRuns(session.settings.runs, roundDuration(first))
  return { ok: true, baseline: { round: first, rounds: [first], reds: 1, plan, own, failing: null } }
}

const LONG_RUN = 'a run took longer than the default limit for one run'

/** What to write so that such a run is allowed in any case; null if it was not that long. */
function longRun({ settings }: Starting, first: Round): string | null {
  const longest = Math.max(...first.measurements.map(({ execution }) => execution.durationMs))
  if (longest <= settings.perCommandMs) return null
  return `it went on because it still printed; to allow it in any case: policy.limits.per_command_timeout_sec: ${Math.ceil(longest / 500)}`
}

/** The outcome if a base that was green is not green in a second run; null if it is, or if the command is too slow to ask. */
async function greenOnlyOnce(session: Starting, tree: Oid, first: Round): Promise<Outcome | null> {
  if (!looksTwice(session.settings.runs, roundDuration(first))) return null
  const keep = furtherFolder(FOLDERS.baseline, 2)
  const again = await measureTree(session, { tree, step: { is: 'base', n: 2 }, keep })
  const cut = undecidedOutcome(session, again)
  if (cut) return cut
  const differs = roundsDisagreement(first, again)
  return differs ? outcome('FLAKY', `two runs of the base disagree: ${differs}`, flakyHint(session)) : null
}

/**
 * The first run of the red tree. It may write every judge; later runs may write only those that it wrote. If the red tree
 * holds tests of the change, the base's own tree is run first, since only the code of the base is trusted.
 */
export async function firstRuns(
  session: Starting,
  tree: Oid,
  keep: string | null,
): Promise<{ readonly first: Round; readonly own: Round | null }> {
  const own = await runWithOwnJudges(session, tree, keep && FOLDERS.baseJudgesRed)
  const isBase = tree === session.base.tree
  const listing = { testListing: 'of the command' } as const
  const step = { is: 'base' } as const
  const first = await measureTree(session, { tree, step, keep, writeAccess: 'all', observe: isBase, ...listing })
  rememberJudgeWrites(session, first, own ?? first)
  await rememberReads(session, isBase ? first : own, first)
  return { first, own }
}

/** Runs the base with its own judges if the red tree has others; null if they are the same or judges may be changed. */
export async function runWithOwnJudges(session: Starting, tree: Oid, keep: string | null): Promise<Round | null> {
  const { base, settings } = session
  if (tree === base.tree || settings.allowJudgeChanges) return null
  const spec = { tree: base.tree, step: { is: 'base-judges' }, keep, writeAccess: 'all', observe: true } as const
  return measureTree(session, spec)
}

/** Remembers what the run of the base's own tree read; null: there was none. A run that read nothing shows nothing. */
async function rememberReads(
  { baseReads, objects }: Pick<Session, 'baseReads' | 'objects'>,
  own: Round | null,
  red: Round,
): Promise<void> {
  const files = new Set(own === null ? [] : (await objects.list(own.tree)).map(({ path }) => path))
  baseReads.seen = own?.reads?.size ? own.reads : null
  baseReads.redOutput = red.measurements.map(({ execution }) => printedText(execution)).join('\n')
  baseReads.testsRan = own?.measurements.some((one) => ranTests(one, files)) ?? false
}

/** The outcome if the policy says `tests.observed: deny` and nothing could be observed; else null. */
function unobservedDenied({ settings, baseReads }: Pick<Session, 'settings' | 'baseReads'>): Outcome | null {
  if (settings.judgesObserved === 'remark' || baseReads.seen !== null) return null
  return outcome(
    'INVALID_RED',
    'it could not be observed which files the command reads, but tests.observed is deny',
    'use a temporary directory on a file system that keeps access times (not mounted with noatime), and do not allow all judges to be changed',
  )
}

/** Whether a test ran. Some runners report a file that could not be loaded as a failing test with the name of the file. */
export function ranTests(
  { tests, insteadOf }: Pick<Measurement, 'tests' | 'insteadOf'>,
  files: ReadonlySet<string>,
): boolean {
  if (tests === null) return false
  const unloaded = tests.tests.filter(({ id, outcome }) => outcome === 'failed' && (insteadOf.has(id) || files.has(id)))
  return tests.counts.passed > 0 || tests.counts.failed > unloaded.length
}

/** What may help if runs of the base disagree. If there is a change, it may be the one that fixes the flaky failure. */
export function flakyHint({ settings }: Pick<Session, 'settings'>): string {
  const stable = 'make the command deterministic, or name only the stable part of it'
  return settings.flakyLine === null ? stable : `if the change fixes exactly this: ${settings.flakyLine}`
}

/** Green at the base: nothing to fix, unless the command would be green whatever the tree holds. */
async function greenOutcome(session: Starting, tree: Oid, round: Round): Promise<Outcome> {
  const reads = await readsTree(session, tree, round)
  if (!reads)
    return outcome(
      'NO_EFFECT',
      'the command passes whatever the files of this repository contain, so it does not read this work tree',
      'name a command that runs the code of this work tree; this one may test an installed copy or return a cached result',
    )
  return outcome('ALREADY_GREEN', 'nothing fails: every target passes on the base')
}

/** The outcome if the command fails without the text that `expect` asks for. */
export function lacksExpectedText({ settings }: Pick<Session, 'settings'>, round: Round): Outcome | null {
  const { expect } = settings
  if (expect === null) return null
  const decoder = new TextDecoder()
  const text = redMeasurements(round).map(
    ({ execution }) => decoder.decode(execution.stdout.kept) + decoder.decode(execution.stderr.kept),
  )
  if (text.some((output) => output.includes(expect))) return null
  return outcome(
    'INVALID_RED',
    `the command fails, but its output does not contain the expected text ${JSON.stringify(expect)}`,
    'git pp show prints the output',
  )
}
