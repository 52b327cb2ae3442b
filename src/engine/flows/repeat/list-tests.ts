import type { TestReport } from '../../model/evidence.ts'
import type { Oid } from '../../model/oid.ts'
import { type Measurement, type Measuring, measureTree, type Round, undecidedOutcome } from '../measure/index.ts'
import type { Outcome } from '../session/index.ts'

/** A tree, and what one target showed on it. */
type TreeMeasurement = readonly [tree: Oid, shown: Measurement]

/**
 * Lists every test by name on two trees. Null if environment variables cannot make the runner list its tests, if the listing
 * covers only one of several runs, or if both reports have names already. If only the first listing works, the second is
 * null. Rounds on the second tree are added to `seen`. `afresh`: lists that the runs made already do not count.
 */
export async function listTests(
  session: Measuring,
  [first, red]: TreeMeasurement,
  [second, final]: TreeMeasurement,
  { seen = [], afresh = false }: { readonly seen?: Round[]; readonly afresh?: boolean } = {},
): Promise<[TestReport, TestReport | null] | Outcome | null> {
  const { runner, target } = red
  if (!runner?.testListing() || session.settings.runs === 0) return null
  if (red.tests?.named && final.tests?.named) return null
  const list = async (tree: Oid, { listed }: Measurement, is: 'list-without' | 'list-with') => {
    if (!afresh && listed?.named) return listed
    const round = await measureTree(session, { tree, step: { is }, keep: null, targets: [target], testListing: runner })
    if (tree === second) seen.push(round)
    return undecidedOutcome(session, round) ?? round.measurements[0]?.tests ?? null
  }
  const before = await list(first, red, 'list-without')
  if (before === null || 'verdict' in before) return before
  if (!before.named) return null
  const after = await list(second, final, 'list-with')
  if (after !== null && 'verdict' in after) return after
  return after === null || after.named ? [before, after] : null
}
