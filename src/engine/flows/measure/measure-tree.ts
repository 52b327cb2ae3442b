import { furtherFolder } from '../../core/bundle-layout/index.ts'
import { printedText } from '../../core/bytes/index.ts'
import { mentionsRefusedWrite, mentionsStackedTree } from '../../core/failure/index.ts'
import { rememberWrites } from '../../core/judge-mounts/index.ts'
import type { Target } from '../../model/command.ts'
import type { Workspace, WorkspaceKind } from '../../ports/workspace.ts'
import { judgesOfRun, judgesWrittenIn, judgeWriteRefusal, writesToRemember } from '../judges/index.ts'
import { type Session, throwIfAborted, withWorkspace } from '../session/index.ts'

import { jobsAtOnce } from './jobs-at-once.ts'
import { listerOf, measureTarget } from './measure-target.ts'
import type { Measurement, Measuring, Round, RoundSpec } from './round.ts'

/** The same round once more, before it decides against a change. */
export function onceMore(spec: RoundSpec): RoundSpec {
  const keep = spec.keep === null ? null : furtherFolder(spec.keep, 'again')
  return { ...spec, step: { ...spec.step, again: true }, keep }
}

/** Runs targets on a tree; runs them once more with all judges writable if an output says that a file could not be written. */
export async function measureTree(session: Measuring, spec: RoundSpec): Promise<Round> {
  const round = await onEitherKind(session, spec)
  if (invalidByListing(session, spec, round))
    return measureTree(session, { ...onceMore(spec), keep: spec.keep, testListing: undefined })
  const guarded = session.sandbox.enforces.judgesReadOnly && spec.writeAccess !== 'all' && spec.trialMs === undefined
  if (!guarded || !round.measurements.some(isHindered)) return round
  const keep = spec.keep === null ? null : furtherFolder(spec.keep, 'judges_writable')
  const writable: RoundSpec = { ...spec, step: { ...spec.step, judges: 'writable' }, keep, writeAccess: 'all' }
  const { round: free } = await once(session, writable, 'checkout')
  return unhindered(session, spec, round, free)
}

/**
 * Runs on a stacked tree where that is possible. If a target does not pass and the stacked tree may be why, only a round on a
 * checkout counts, and so do all later ones.
 */
async function onEitherKind(session: Measuring, spec: RoundSpec): Promise<Round> {
  // Access times show what was read only on a checkout, and there a file that is opened for writing is not copied.
  const kind = spec.observe || spec.writeAccess === 'all' ? 'checkout' : 'any'
  const told = session.runs.length
  const { round, doubt } = await once(session, spec, kind)
  if (doubt === null) return round
  session.runs.splice(told)
  session.workspaces.useCheckouts(doubt)
  return (await once(session, spec, 'checkout')).round
}

/** A round; `doubt`: why a stacked tree may be the reason that a target did not pass, null if it is not. */
interface RoundOnTree {
  readonly round: Round
  readonly doubt: string | null
}

async function once(session: Measuring, spec: RoundSpec, kind: WorkspaceKind): Promise<RoundOnTree> {
  const targets = spec.targets ?? session.targets
  const jobs = spec.observe ? 1 : jobsAtOnce(session)
  return jobs === 1 || targets.length === 1
    ? inOneTree(session, { ...spec, targets }, kind)
    : eachInItsOwn(session, { ...spec, targets }, kind, jobs)
}

/** A round of which every target has a work tree for itself; up to `jobs` targets run at once. */
async function eachInItsOwn(
  session: Measuring,
  spec: RoundOfTargets,
  kind: WorkspaceKind,
  jobs: number,
): Promise<RoundOnTree> {
  const all: RoundOnTree[] = []
  for (let at = 0; at < spec.targets.length; at += jobs) {
    const batch = spec.targets.slice(at, at + jobs).map((target) => {
      const own = { ...session, runs: [] }
      return { own, one: inOneTree(own, { ...spec, targets: [target] }, kind) }
    })
    // All of them have to end before anything is removed, even if one of them fails.
    await Promise.allSettled(batch.map(({ one }) => one))
    for (const { own, one } of batch) {
      all.push(await one)
      session.runs.push(...own.runs)
    }
  }
  const [first] = all
  if (first === undefined) return inOneTree(session, spec, kind)
  const measurements = all.flatMap(({ round }) => round.measurements)
  const doubt = all.find((one) => one.doubt !== null)?.doubt ?? null
  return { round: { ...first.round, measurements }, doubt }
}

type RoundOfTargets = RoundSpec & { readonly targets: readonly Target[] }

/** A round of which all targets run in one work tree, one after the other. */
async function inOneTree(session: Measuring, spec: RoundOfTargets, kind: WorkspaceKind): Promise<RoundOnTree> {
  const open = async (workspace: Workspace): Promise<RoundOnTree> => {
    if (spec.edits) await workspace.write(spec.edits)
    const judges = await judgesOfRun(session, spec.tree, {
      edits: spec.edits,
      writeAccess: spec.writeAccess ?? 'known',
    })
    const measurements: Measurement[] = []
    const readsSoFar = spec.observe ? await workspace.watchReads() : null
    let reads: ReadonlySet<string> | null = null
    for (const target of spec.targets) {
      throwIfAborted(session)
      // Each target starts from the files as they were checked out.
      await workspace.restore(measurements.at(-1)?.judgesMoved ?? [])
      const one = await measureTarget(session, spec, target, workspace, { judges, readsSoFar })
      measurements.push(one.measurement)
      reads = one.reads
    }
    const guarded = session.sandbox.enforces.judgesReadOnly ? judges.readOnly.length + judges.free.length : 0
    const round = { tree: spec.tree, measurements, unguarded: judges.all.length - guarded, reads }
    return { round, doubt: await doubtOf(workspace, measurements) }
  }
  return withWorkspace(session, spec.tree, open, kind)
}

async function doubtOf({ stack }: Workspace, measurements: readonly Measurement[]): Promise<string | null> {
  const failed = measurements.filter(({ reading }) => reading.is !== 'green')
  if (stack === null || failed.length === 0) return null
  if (await stack.wasFull()) return 'a work tree in memory was full'
  if (failed.some(({ execution: { ended } }) => ended.how === 'limited')) return 'a run in memory met a bound'
  if (failed.some(({ execution: { ended } }) => ended.how === 'not-run'))
    return 'a run could not be set up on an overlay'
  const named = failed.some(({ execution }) => mentionsStackedTree(printedText(execution)))
  return named ? 'a run named an error that overlays can cause' : null
}

/** Whether the option that makes a runner list its tests may be why the command could not run. */
function invalidByListing(session: Measuring, spec: RoundSpec, { measurements }: Round): boolean {
  return (
    spec.testListing === 'of the command' &&
    measurements.some(({ reading, target }) => reading.is === 'invalid' && listerOf(session, spec, target) !== null)
  )
}

function isHindered({ reading, execution }: Measurement): boolean {
  return (reading.is === 'red' || reading.is === 'invalid') && mentionsRefusedWrite(printedText(execution))
}

/**
 * Combines a round in which a write was refused (`round`) with the same round with all judges writable (`free`). What the
 * code of the base or of the red tree wrote is remembered as allowed. If a tree with a change wrote, nobody can tell whether
 * its tests need that write or whether it forges what they compare with, so the reading is undecided.
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
