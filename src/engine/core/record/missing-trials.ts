import type { Evidence } from '../../model/evidence.ts'
import type { Oid } from '../../model/oid.ts'
import type { Repro } from '../../model/proof.ts'
import { trialFolder } from '../bundle-layout/index.ts'
import { differsSignificantly, trialsLine, trialsOf } from '../trials/index.ts'
import { isDecided, isGreen } from './recorded-runs.ts'

/**
 * What is missing for a proof that a command fails less often: every run is counted again from its evidence; null: nothing is
 * missing.
 */
export function missingTrials(
  repro: Repro,
  names: readonly string[],
  of: (folder: string) => readonly Evidence[],
  { runs, older }: { readonly runs: number; readonly older: boolean },
  trees: { readonly red: Oid; readonly final: Oid },
): string | null {
  let failed = 0
  for (let k = 1; k <= runs; k++) {
    const without = of(trialFolder('without', k, older))
    const after = of(trialFolder('with', k, older))
    const lacking = isDecided(without, names, trees.red) ?? isGreen(after, names, trees.final)
    if (lacking !== null) return `pair ${k} of ${runs}: ${lacking}`
    if (without.some(({ reading }) => reading.is === 'red')) failed += 1
  }
  const trials = trialsOf({ runs, failed }, { runs, failed: 0 })
  if (!differsSignificantly(trials.without, trials.with))
    return `chance could explain the difference: ${trialsLine(trials)}`
  const told = repro.trials
  const same = told && told.without.runs === runs && told.without.failed === failed && told.p === trials.p
  if (!same || told.with.runs !== runs || told.with.failed !== 0)
    return `it claims "${told ? trialsLine(told) : 'nothing'}", but its runs say "${trialsLine(trials)}"`
  return repro.counts.reds === failed && repro.counts.greens === runs
    ? null
    : 'it claims other numbers of reds and greens than it records'
}
