import type { Evidence } from '../../model/evidence.ts'
import type { Oid } from '../../model/oid.ts'
import type { Policy } from '../../model/policy.ts'
import type { Bundle, Repro } from '../../model/proof.ts'
import { attemptFolder, attemptOf, FILES, FOLDERS, furtherFolder, pairFolder, pairOf } from '../bundle-layout/index.ts'
import { planOlderPairs, planRuns, type RunPlan } from '../trials/index.ts'
import { checkFocusedRuns } from './focused-runs.ts'
import { missingPreserved } from './missing-preserved.ts'
import { missingTrials } from './missing-trials.ts'
import { isGreen, isNotRed, isRed, recordedRunsIn } from './recorded-runs.ts'

/** The trees that evidence must be of. The verifier derives them from base and change; they are never taken from the record. */
export interface ExpectedTrees {
  readonly base: Oid
  /** The base with the tests that the change brings. */
  readonly red: Oid
  readonly final: Oid
  /** The final tree with the judges of the base, where the change touches such; else null. */
  readonly judged: Oid | null
  /** The same tree, but with the added tests that the command names; null if that asks nothing new. */
  readonly named: Oid | null
  /** How many lines of the product the change removes, replaces or brings. Absent: the record does not count them. */
  readonly changedLines?: number
}

/** What the evidence of a bundle lacks for a proof, or null. Throws MALFORMED for evidence that cannot be read. */
export function missingRuns(bundle: Bundle, repro: Repro, policy: Policy, trees: ExpectedTrees): string | null {
  const names = repro.targets.map(({ name }) => name)
  const of = (folder: string) => recordedRunsIn(bundle, folder, names)
  const decided =
    repro.verdict === 'STABILIZED'
      ? missingTrials(repro, names, of, trialsIn(bundle, repro), trees)
      : repro.verdict === 'PRESERVED'
        ? greensLack(bundle, repro, policy, trees)
        : pairsLack(bundle, repro, policy, trees)
  if (decided !== null) return decided
  if (trees.judged !== null) {
    const old = of(FOLDERS.baseJudges)
    const lacking = isNotRed(old, names, trees.judged) ?? namedLack(repro, old, of, trees.named)
    if (lacking !== null) return `with the judges of the base: ${lacking}`
  }
  const also = policy.verify.also.map(({ name }) => name)
  const lacking = isGreen(recordedRunsIn(bundle, FOLDERS.also, also), also, trees.final)
  return lacking === null ? null : `separate commands: ${lacking}`
}

/**
 * If the base's own judges could not be run because the command names added tests, the run with these tests has to be green.
 * Bundles of version 1 do not have this run.
 */
function namedLack(
  { v, targets }: Repro,
  old: readonly Evidence[],
  of: (folder: string) => readonly Evidence[],
  tree: Oid | null,
): string | null {
  if (v === 1 || tree === null || old.every(({ reading }) => reading.is !== 'invalid')) return null
  const names = targets.map(({ name }) => name)
  return isGreen(of(FOLDERS.baseJudgesNamed), names, tree)
}

/**
 * Whether the runs are red without the change and green with it, as often as the policy requires, and whether there is no
 * other run of these.
 */
function pairsLack(bundle: Bundle, repro: Repro, policy: Policy, trees: ExpectedTrees): string | null {
  if (repro.trials) return 'it counts how often the command failed, which only a record of STABILIZED does'
  if (repro.executed || repro.counts.before !== undefined)
    return 'it says which lines tests ran, which only a record of PRESERVED does'
  if (isOlder(repro)) return olderPairsLack(bundle, repro, policy, trees)
  const names = repro.targets.map(({ name }) => name)
  const of = (folder: string) => recordedRunsIn(bundle, folder, names)
  const base = of(FOLDERS.baseline)
  const focused = checkFocusedRuns(bundle, repro, policy, base, trees)
  if (typeof focused === 'string') return focused
  const plan = repro.focus ? { reds: 1, greens: 1 } : planFor(policy, base)
  // A first red of another tree than the one that has to be red counts only where no second one is asked for.
  const own = base[0]?.tree === trees.red || plan.reds > 1 ? trees.red : trees.base
  const begins = base[0]?.tree === own ? 1 : 0
  const red = isRed(base, names, begins === 1 ? own : trees.base)
  if (red !== null) return `the base: ${red}`
  const first = firstGreens(bundle).some((one) => isGreen(of(one), names, trees.final) === null)
  if (!first) return 'it records no run with the change'
  const reds = Math.max(plan.reds, lastPair(bundle, 'red'))
  for (let k = 1 + begins; k <= reds; k++) {
    const lacking = isRed(of(pairFolder(k, 'red')), names, trees.red)
    if (lacking !== null) return `red ${k} of ${reds}: ${lacking}`
  }
  const greens = Math.max(plan.greens, lastPair(bundle, 'green'))
  for (let k = 2; k <= greens; k++) {
    const lacking = isGreen(of(pairFolder(k, 'green')), names, trees.final)
    if (lacking !== null) return `green ${k} of ${greens}: ${lacking}`
  }
  return countsLack(repro, { reds: reds + focused.reds, greens: greens + focused.greens })
}

function greensLack(bundle: Bundle, repro: Repro, policy: Policy, trees: ExpectedTrees): string | null {
  const names = repro.targets.map(({ name }) => name)
  const of = (folder: string) => recordedRunsIn(bundle, folder, names)
  const first =
    firstGreens(bundle)
      .map(of)
      .find((runs) => isGreen(runs, names, trees.final) === null) ?? null
  const recorded = { reds: lastPair(bundle, 'red'), greens: lastPair(bundle, 'green') }
  const plan = planFor(policy, of(FOLDERS.baseline))
  return missingPreserved(repro, policy, of, { ...trees, plan, recorded, first, changedLines: trees.changedLines ?? 0 })
}

/** Where the first run with the change may be. A run that a read-only judge hindered is made again with all judges writable. */
function firstGreens(bundle: Bundle): readonly string[] {
  const folders = [pairFolder(1, 'green'), ...attemptsOf(bundle)]
  return folders.flatMap((folder) => [folder, furtherFolder(folder, 'judges_writable')])
}

function countsLack({ counts }: Repro, told: { readonly reds: number; readonly greens: number }): string | null {
  if (counts.reds === told.reds && counts.greens === told.greens) return null
  return `it claims ${counts.reds} reds and ${counts.greens} greens, but records ${told.reds} and ${told.greens}`
}

/** Records of versions 1 and 2 have all pairs after the first runs of the base and of the change. */
function olderPairsLack(bundle: Bundle, repro: Repro, policy: Policy, trees: ExpectedTrees): string | null {
  const names = repro.targets.map(({ name }) => name)
  const of = (folder: string) => recordedRunsIn(bundle, folder, names)
  const base = of(FOLDERS.baseline)
  const pairs = olderPairsFor(policy, base)
  const baseTree = base[0]?.tree
  if (baseTree !== trees.base && baseTree !== trees.red) return 'it records no run of the base'
  const red = isRed(base, names, baseTree)
  if (red !== null) return `the base: ${red}`
  const ran = pairsIn(bundle)
  for (let k = 1; k <= Math.max(pairs, ran); k++) {
    const lacking =
      isRed(of(pairFolder(k, 'red')), names, trees.red) ?? isGreen(of(pairFolder(k, 'green')), names, trees.final)
    if (lacking !== null) return `pair ${k} of ${pairs}: ${lacking}`
  }
  if (ran === 0 && !attemptsOf(bundle).some((folder) => isGreenOnce(bundle, of(folder), names, trees.final)))
    return 'it records no run with the change'
  const again = of(furtherFolder(FOLDERS.baseline, 2))
  const twice = again.length === 0 ? null : isRed(again, names, baseTree)
  if (twice !== null) return `the second run of the base: ${twice}`
  return countsLack(repro, { reds: ran + (again.length > 0 ? 2 : 1), greens: ran + 1 })
}

/** Whether the first runs of the base and of the change are no pair in this record. */
const isOlder = ({ v }: Repro): boolean => v < 3

/** How many pairs of `--flaky` the record has, the first included. */
function trialsIn(bundle: Bundle, repro: Repro): { readonly runs: number; readonly older: boolean } {
  const older = isOlder(repro)
  return { runs: older ? pairsIn(bundle) + 1 : Math.max(1, pairsIn(bundle)), older }
}

/** The number of the last pair in the record. */
function pairsIn(bundle: Bundle): number {
  return Math.max(lastPair(bundle, 'red'), lastPair(bundle, 'green'))
}

/** The number of the last run of this side; 0 if the record has none in the folder of a pair. */
function lastPair({ files }: Bundle, wanted: 'red' | 'green'): number {
  const numbers = [...files.keys()].flatMap((path) => {
    const pair = pairOf(path)
    return pair?.side === wanted ? [pair.k] : []
  })
  return Math.max(0, ...numbers)
}

function attemptsOf({ files }: Bundle): readonly string[] {
  const attempts = [...files.keys()].flatMap((path) => attemptOf(path) ?? [])
  return [...new Set(attempts)].map(attemptFolder)
}

/** Durations are recorded in whole ms. If the rounding decides, the smaller number of runs is enough. */
function planFor({ verify }: Policy, base: readonly Evidence[]): RunPlan {
  return planRuns(verify.runs, durationsOf(base)[1])
}

function olderPairsFor({ verify }: Policy, base: readonly Evidence[]): number {
  return Math.min(...durationsOf(base).map((ms) => planOlderPairs(verify.runs, ms)))
}

/** The shortest and the longest time, in ms, that all targets may have taken together. */
function durationsOf(base: readonly Evidence[]): readonly [number, number] {
  const ms = base.reduce((sum, { durationMs }) => sum + durationMs, 0)
  return [ms, ms + base.length]
}

/** A minimised change keeps only the run of the tree before it was minimised. */
function isGreenOnce({ files }: Bundle, all: readonly Evidence[], names: readonly string[], final: Oid): boolean {
  return isGreen(all, names, files.has(FILES.minimize) ? (all[0]?.tree ?? final) : final) === null
}
