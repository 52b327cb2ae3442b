import { ofAll, trialsLine } from '../../core/trials/index.ts'
import type { Oid } from '../../model/oid.ts'
import type { Repro } from '../../model/proof.ts'
import type { ReplayResult, Trials } from '../../model/session.ts'
import { failingTests, learnt, reds } from '../measure/index.ts'
import { type Pair, tryInTurn } from '../repeat/index.ts'
import { ownRun, type Starting } from './baseline.ts'

/** As often as it took, it would be told apart again in half of the cases only; in twice as many runs in nine of ten. */
const AGAIN = 2

type Again = Pick<ReplayResult, 'verdict' | 'reason' | 'trials'>

/** Runs a STABILIZED proof again: pairs, until they are told apart, in at most twice as many as are recorded. */
export async function replayTrials(
  session: Starting,
  repro: Repro,
  recorded: Trials,
  trees: { readonly red: Oid; readonly final: Oid },
  look: (pair: Pair) => void,
): Promise<Again> {
  const own = await ownRun(session, trees.red, null)
  let relapsed = false
  const tried = await tryInTurn(session, {
    ...trees,
    most: AGAIN * recorded.without.runs,
    folder: () => null,
    first: (without) => learnt(session, without, own ?? without),
    heed(pair) {
      look(pair)
      relapsed ||= reds(pair.with).length > 0 && asRecorded(pair, repro)
      return null
    },
  })
  if ('verdict' in tried) return { verdict: 'INCONCLUSIVE', reason: tried.reason }
  const { trials, standing } = tried
  const says = (verdict: Again['verdict'], reason: string): Again => ({ verdict, reason, trials })
  switch (standing) {
    case 'told apart':
      return says('REPRODUCED', trialsLine(trials))
    case 'fails with it': {
      const counts = `${ofAll(trials.without)} without the change, ${ofAll(trials.with)} with it`
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

/** The tests that fail with the change are among those that failed without it; where none was named, any failure is. */
function asRecorded({ with: after }: Pair, { reds: recorded, flipped }: Repro): boolean {
  const known = new Set([...recorded.flatMap(({ failing }) => failing), ...flipped])
  const now = failingTests(after)
  return known.size === 0 || now.length === 0 || now.some((id) => known.has(id))
}
