import type { Evidence } from '../../model/evidence.ts'
import type { Policy } from '../../model/policy.ts'
import type { Repro } from '../../model/proof.ts'
import { FOLDERS, pairFolder } from '../bundle-layout/index.ts'
import { inconsistentCount, tooFewExecuted } from '../executed/index.ts'
import type { RunPlan } from '../trials/index.ts'
import { isGreen } from './recorded-runs.ts'

/** What the record of a change without a red is compared with. */
export interface ExpectedGreens {
  readonly red: Evidence['tree']
  readonly final: Evidence['tree']
  /** How often the policy asks for runs, and how many pairs the record has. */
  readonly plan: RunPlan
  readonly recorded: RunPlan
  /** The first run with the change; null: it is not green. */
  readonly first: readonly Evidence[] | null
  /** How many lines the change removes, replaces or brings. */
  readonly changedLines: number
}

/**
 * What is missing for a proof that a change keeps what works: every run without it and with it is green, at least without, with
 * and without again; tests were counted; and tests ran lines that it changes. Null: nothing is missing.
 */
export function missingPreserved(
  repro: Repro,
  { verify }: Pick<Policy, 'verify'>,
  of: (folder: string) => readonly Evidence[],
  { red, final, plan, recorded, first, changedLines }: ExpectedGreens,
): string | null {
  if (repro.trials || repro.focus || repro.needs || repro.reds.length > 0)
    return 'it says more than a record of PRESERVED can say'
  const names = repro.targets.map(({ name }) => name)
  const base = of(FOLDERS.baseline)
  const lacking = isGreen(base, names, red)
  if (lacking !== null) return `without the change: ${lacking}`
  if (first === null) return 'it records no run with the change'
  if (![base, first].every((runs) => runs.some(({ tests }) => tests !== null && tests.counts.passed > 0)))
    return 'no runner named or counted a test'
  const before = Math.max(2, plan.reds, recorded.reds)
  const after = Math.max(plan.greens, recorded.greens)
  for (let k = 2; k <= before; k++) {
    const wrong = isGreen(of(pairFolder(k, 'red')), names, red)
    if (wrong !== null) return `run ${k} of ${before} without the change: ${wrong}`
  }
  for (let k = 2; k <= after; k++) {
    const wrong = isGreen(of(pairFolder(k, 'green')), names, final)
    if (wrong !== null) return `run ${k} of ${after} with the change: ${wrong}`
  }
  const { counts, executed } = repro
  if (counts.reds !== 0 || counts.before !== before || counts.greens !== after)
    return `it claims ${counts.before ?? 0} green runs without the change and ${counts.greens} with it, but records ${before} and ${after}`
  if (!executed) return 'it does not say which lines tests ran'
  return inconsistentCount(executed, changedLines) ?? tooFewExecuted(executed, verify.minExecuted ?? null)
}
