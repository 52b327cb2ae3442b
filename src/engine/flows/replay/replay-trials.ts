import { formatTally, trialsLine } from '../../core/trials/index.ts'
import type { Oid } from '../../model/oid.ts'
import type { Repro } from '../../model/proof.ts'
import type { ReplayResult, Trials } from '../../model/session.ts'
import { failingTestsOf, redMeasurements, rememberAndCheckWrites } from '../measure/index.ts'
import { type Proving, runWithOwnJudges } from '../proof/index.ts'
import { type TrialPair, tryInTurn } from '../repeat/index.ts'

/**
 * With as many pairs as were recorded, the two would be told apart again in only half of the cases; with twice as many, in
 * nine of ten.
 */
const AGAIN = 2

type TrialsReplay = Pick<ReplayResult, 'verdict' | 'reason' | 'trials'>

/** Replays a STABILIZED proof: runs pairs until the two sides are told apart, at most twice as many as were recorded. */
export async function replayTrials(
  session: Proving,
  repro: Repro,
  recorded: Trials,
  trees: { readonly red: Oid; readonly final: Oid },
  look: (pair: TrialPair) => void,
): Promise<TrialsReplay> {
  const own = await runWithOwnJudges(session, trees.red, null)
  let relapsed = false
  const tried = await tryInTurn(session, {
    ...trees,
    most: AGAIN * recorded.without.runs,
    folder: () => null,
    first: (without) => rememberAndCheckWrites(session, without, own ?? without),
    heed(pair) {
      look(pair)
      relapsed ||= redMeasurements(pair.with).length > 0 && asRecorded(pair, repro)
      return null
    },
  })
  if ('verdict' in tried) return { verdict: 'INCONCLUSIVE', reason: tried.reason }
  const { trials, standing } = tried
  const says = (verdict: TrialsReplay['verdict'], reason: string): TrialsReplay => ({ verdict, reason, trials })
  switch (standing) {
    case 'told apart':
      return says('REPRODUCED', trialsLine(trials))
    case 'fails with it': {
      const counts = `${formatTally(trials.without)} without the change, ${formatTally(trials.with)} with it`
      return relapsed
        ? says('REFUTED', `the command fails with the change as it did without it: ${counts}`)
        : says('INCONCLUSIVE', `with the change the command fails in another way than was recorded: ${counts}`)
    }
    case 'never failed': {
      const { runs } = trials.without
      const enough = runs >= recorded.without.runs
      return says(enough ? 'REFUTED' : 'INCONCLUSIVE', `the command did not fail in ${runs} runs without the change`)
    }
    case 'go on':
    case 'not told apart':
      return says(
        'INCONCLUSIVE',
        `chance could explain the difference here: ${trialsLine(trials)}; recorded: ${trialsLine(recorded)}`,
      )
  }
}

/** Whether a test that fails with the change is one of those that failed without it; any failure counts if no test was named. */
function asRecorded({ with: after }: TrialPair, { reds: recorded, flipped }: Repro): boolean {
  const known = new Set([...recorded.flatMap(({ failing }) => failing), ...flipped])
  const now = failingTestsOf(after)
  return known.size === 0 || now.length === 0 || now.some((id) => known.has(id))
}
