import { furtherFolder } from '../../core/bundle-layout/index.ts'
import { printedText } from '../../core/bytes/index.ts'
import { mentionsRefusedWrite } from '../../core/failure/index.ts'
import { rememberWrites } from '../../core/judge-mounts/index.ts'
import { judgesOfRun, judgesWrittenIn, judgeWriteRefusal, writesToRemember } from '../judges/index.ts'
import { type Session, throwIfAborted, withWorkspace } from '../session/index.ts'

import { measureTarget } from './measure-target.ts'
import type { Measurement, Measuring, Round, RoundSpec } from './round.ts'

/** The same round once more, before it decides against a change. */
export function onceMore(spec: RoundSpec): RoundSpec {
  const keep = spec.keep === null ? null : furtherFolder(spec.keep, 'again')
  return { ...spec, step: { ...spec.step, again: true }, keep }
}

/** Runs targets on a tree; once more with all judges writable where an output says that something was not. */
export async function measureTree(session: Measuring, spec: RoundSpec): Promise<Round> {
  const round = await once(session, spec)
  const guarded = session.sandbox.enforces.judgesReadOnly && spec.writeAccess !== 'all' && spec.trialMs === undefined
  if (!guarded || !round.measurements.some(isHindered)) return round
  const keep = spec.keep === null ? null : furtherFolder(spec.keep, 'judges_writable')
  const free = await once(session, { ...spec, step: { ...spec.step, judges: 'writable' }, keep, writeAccess: 'all' })
  return unhindered(session, spec, round, free)
}

async function once(session: Measuring, spec: RoundSpec): Promise<Round> {
  return withWorkspace(session, spec.tree, async (workspace) => {
    if (spec.edits) await workspace.write(spec.edits)
    const judges = await judgesOfRun(session, spec.tree, {
      edits: spec.edits,
      writeAccess: spec.writeAccess ?? 'known',
    })
    const measurements: Measurement[] = []
    for (const target of spec.targets ?? session.targets) {
      throwIfAborted(session)
      // Each starts from what was checked out.
      await workspace.restore(measurements.at(-1)?.judgesMoved ?? [])
      measurements.push(await measureTarget(session, spec, target, workspace, judges))
    }
    const guarded = session.sandbox.enforces.judgesReadOnly ? judges.readOnly.length + judges.free.length : 0
    return { tree: spec.tree, measurements, unguarded: judges.all.length - guarded }
  })
}

function isHindered({ reading, execution }: Measurement): boolean {
  return (reading.is === 'red' || reading.is === 'invalid') && mentionsRefusedWrite(printedText(execution))
}

/**
 * What counts of a round that was hindered and the same with all judges writable. What code of the base or of the red tree wrote
 * is known from now on. A change may have let its tests come to a write, or may want to forge what they compare with: nobody
 * can tell, so that decides nothing.
 */
function unhindered(
  session: Pick<Session, 'writable' | 'settings' | 'allowedBy'>,
  { tree, edits }: RoundSpec,
  round: Round,
  free: Round,
): Round {
  const known = new Set(round.measurements.flatMap(({ judgesFree }) => judgesFree))
  const wrote = judgesWrittenIn(free.measurements).filter((path) => !known.has(path))
  if (wrote.length === 0) return round
  const learnt = edits ? null : writesToRemember(session, tree, wrote)
  if (learnt)
    for (const { judgesMoved, judgesTouched } of free.measurements) rememberWrites(learnt, judgesMoved, judgesTouched)
  const measurements = free.measurements.map((now, at): Measurement => {
    const was = round.measurements[at] ?? now
    if (learnt) return { ...now, judgesFree: [...was.judgesFree, ...wrote] }
    if (was.reading.is === 'green') return was
    const { judgesTouched, judgesFree, judgesMoved } = was
    const one = { ...now, judgesTouched, judgesFree, judgesMoved }
    if (now.reading.is !== 'green') return one
    return { ...one, reading: { is: 'undecided', reason: judgeWriteRefusal(wrote) }, judgesRefused: wrote }
  })
  return { ...free, measurements }
}
