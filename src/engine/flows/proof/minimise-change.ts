import { writeJson } from '../../core/bundle/index.ts'
import { FILES } from '../../core/bundle-layout/index.ts'
import { hunksOf, type LineGroup, minimiseBy, type PartsTest, piecesOf, withGroups } from '../../core/minimise/index.ts'
import { contentsOfSide } from '../../core/split/index.ts'
import type { Edits } from '../../model/change.ts'
import type { Oid } from '../../model/oid.ts'
import type { SessionResult } from '../../model/session.ts'
import { type ChangeCandidate, changeCandidate } from '../change/index.ts'
import { cutAfter, jobsAtOnce, type Round } from '../measure/index.ts'
import type { Baseline } from './baseline.ts'
import { examineFailingTests } from './examine-change.ts'
import type { Proving } from './proving.ts'

/** At most this many probes, because each is a real run. */
const BUDGET = 64

export interface MinimisedChange {
  readonly change: ChangeCandidate
  readonly round: Round
  readonly minimal: SessionResult['minimal']
}

/** A part of the change: the smallest thing that can be taken back. */
interface ChangePart {
  readonly path: string
  readonly splice: LineGroup
  readonly hunk: string
  readonly group: string
  readonly blank: boolean
}

interface FileContents {
  readonly path: string
  readonly before: Uint8Array | null
  readonly after: Uint8Array | null
  readonly mode: '100644' | '100755'
}

/** Hunks, then line groups, then the white space of single lines. */
const LEVELS = [
  ({ hunk }: ChangePart) => hunk,
  ({ group }: ChangePart) => group,
  ({ blank, ...one }: ChangePart) => (blank ? `${one.group}.${one.splice.at}` : null),
]

/** The smallest part of a green change that is still green. Every probe is a real run; one tree is run once. */
export async function minimiseChange(
  session: Proving,
  change: ChangeCandidate,
  base: Baseline,
  green: Round,
): Promise<MinimisedChange> {
  const sides = await sidesOf(session, change)
  const parts = sides.flatMap(partsOf)
  if (parts.length <= 1) return { change, round: green, minimal: 'shown' }
  const hunks = new Set(parts.map(({ hunk }) => hunk)).size
  session.reporter.tell({ is: 'phase', name: 'minimise', detail: `${hunks} hunks` })
  const probes: ProbeResults = new Map([
    [change.tree, { change, round: green }],
    [session.base.tree, null],
  ])
  const known = probes.size
  const cutAfterMs = cutAfter([...base.round.measurements, ...green.measurements])
  const treeOf = (some: readonly ChangePart[]) => session.objects.edit(session.base.tree, editsWith(sides, some))
  const isSpent = (tree: Oid) => !probes.has(tree) && probes.size - known >= BUDGET
  const holds: PartsTest<ChangePart> = async (some, signal) => {
    const tree = await treeOf(some)
    if (isSpent(tree)) return () => null
    // What runs beside an earlier part counts only when its turn comes.
    const own = { ...session, runs: [], signal: AbortSignal.any([session.signal, signal]) }
    const result = probes.has(tree) ? null : await probe(own, base, tree, cutAfterMs)
    return () => {
      if (isSpent(tree)) return null
      if (!probes.has(tree)) {
        probes.set(tree, result)
        session.runs.push(...own.runs)
      }
      return probes.get(tree) !== null
    }
  }
  const { kept, shown } = await minimiseBy(parts, LEVELS, { holds, jobs: jobsAtOnce(session) })
  const best = probes.get(await treeOf(kept))
  const groups = (some: readonly ChangePart[]): number => new Set(some.map(({ group }) => group)).size
  writeJson(session.record, FILES.minimize, {
    hunks,
    groups: groups(parts),
    kept: groups(kept),
    probes: probes.size - known,
    shown,
  })
  return { ...(best ?? { change, round: green }), minimal: shown ? 'shown' : 'not finished' }
}

function partsOf({ path, before, after }: FileContents): readonly ChangePart[] {
  return hunksOf(before, after).flatMap(({ groups }, nth) =>
    groups.flatMap((group) =>
      piecesOf(before, group).map(({ blank, ...splice }): ChangePart => {
        const hunk = `${path}:${nth}`
        return { path, splice, hunk, group: `${hunk}:${group.at}`, blank }
      }),
    ),
  )
}

/** What was green in a tree; null if it was not green. */
type ProbeResult = { readonly change: ChangeCandidate; readonly round: Round } | null

/** The trees that were tried. */
type ProbeResults = Map<Oid, ProbeResult>

/** `cutAfterMs`: after how many ms the run is cut off; then the change in it is not green. */
async function probe(session: Proving, base: Baseline, tree: Oid, cutAfterMs: number): Promise<ProbeResult> {
  const change = await changeCandidate(session, tree)
  const how = { step: { is: 'minimise' }, keep: null, cutAfterMs, probe: false } as const
  const examined = await examineFailingTests(session, change, base, how)
  return examined.ok ? { change, round: examined.round } : null
}

function editsWith(sides: readonly FileContents[], parts: readonly ChangePart[]): Edits {
  const edits = new Map<string, { bytes: Uint8Array; mode: '100644' | '100755' } | null>()
  for (const { path, before, after, mode } of sides) {
    const chosen = new Set(parts.filter((part) => part.path === path).map(({ splice }) => splice))
    const bytes = withGroups(before, after, chosen)
    if (bytes !== before) edits.set(path, bytes && { bytes, mode })
  }
  return edits
}

async function sidesOf(session: Proving, change: ChangeCandidate): Promise<readonly FileContents[]> {
  const read = (oid: Oid) => session.objects.read(oid)
  const before = await contentsOfSide(change.changes, 'before', read)
  const after = await contentsOfSide(change.changes, 'after', read)
  return change.changes.map(({ path }) => ({
    path,
    before: before.get(path)?.bytes ?? null,
    after: after.get(path)?.bytes ?? null,
    mode: after.get(path)?.mode ?? before.get(path)?.mode ?? '100644',
  }))
}
