import type { Oid } from '../../model/oid.ts'
import type { Repro } from '../../model/proof.ts'
import type { ReplayResult } from '../../model/session.ts'
import { allGreen, measureTree, type Round, redMeasurements, tamperedJudges, writesDenied } from '../measure/index.ts'
import { firstRuns, type Proving } from '../proof/index.ts'
import { suiteDiffers } from './suite-differs.ts'

/**
 * Replays a PRESERVED proof: without the change, with it and without it again, everything has to be green, with the recorded
 * tests. What fails with the change alone refutes it.
 */
export async function replayGreens(
  session: Proving,
  repro: Repro,
  trees: { readonly red: Oid; readonly final: Oid },
  differences: string[],
): Promise<Pick<ReplayResult, 'verdict' | 'reason'>> {
  const { first } = await firstRuns(session, trees.red, null)
  const after = await measureTree(session, { tree: trees.final, step: { is: 'final' }, keep: null })
  const again = await measureTree(session, { tree: trees.red, step: { is: 'without', n: 2 }, keep: null })
  const barred = writesDenied(session) ?? tamperedJudges(session, after)
  if (barred) differences.push(barred.reason)
  differences.push(...notGreen(first, 'without the change'), ...notGreen(after, 'with the change'))
  differences.push(...notGreen(again, 'again without the change'))
  for (const now of after.measurements) if (now.reading.is === 'green') differences.push(...suiteDiffers(repro, now))
  const [reason] = differences
  if (reason === undefined)
    return { verdict: 'REPRODUCED', reason: 'as recorded, the command is green without the change and with it' }
  const broken = allGreen(first) && allGreen(again) && redMeasurements(after).length > 0
  return { verdict: broken ? 'REFUTED' : 'INCONCLUSIVE', reason }
}

function notGreen({ measurements }: Round, where: string): readonly string[] {
  return measurements.flatMap(({ target, reading: { is } }) =>
    is === 'green' ? [] : [`${where}, ${target.name} is ${is}`],
  )
}
