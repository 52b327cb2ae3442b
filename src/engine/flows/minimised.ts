import { hunksOf, type LineGroup, withGroups } from '../core/diff/hunks.ts'
import { minimise } from '../core/minimise.ts'
import { writeJson } from '../core/record.ts'
import { edits as editsOf } from '../core/split.ts'
import type { Edits } from '../model/change.ts'
import type { Oid } from '../model/oid.ts'
import type { SessionResult } from '../model/session.ts'
import type { Baseline } from './baseline.ts'
import { type Candidate, candidate, examine } from './examine.ts'
import type { Round } from './round.ts'
import type { Session } from './session.ts'

/** Probes are real runs; this many at most. */
const BUDGET = 64

export interface Minimised {
  readonly change: Candidate
  readonly round: Round
  readonly minimal: SessionResult['minimal']
}

interface Part {
  readonly path: string
  readonly groups: readonly LineGroup[]
}

interface Sides {
  readonly path: string
  readonly before: Uint8Array | null
  readonly after: Uint8Array | null
  readonly mode: '100644' | '100755'
}

/** The smallest part of a green change that is still green: hunks first, then line groups. Every probe is a real run. */
export async function minimised(session: Session, change: Candidate, base: Baseline, green: Round): Promise<Minimised> {
  const sides = await sidesOf(session, change)
  const hunks = sides.flatMap(({ path, before, after }) =>
    hunksOf(before, after).map((hunk) => ({ path, groups: hunk.groups })),
  )
  if (hunks.flatMap(({ groups }) => groups).length <= 1) return { change, round: green, minimal: 'shown' }
  session.reporter.tell({ is: 'phase', name: 'minimise', detail: `${hunks.length} hunks` })
  const cache = new Map<Oid, { change: Candidate; round: Round } | null>([[change.tree, { change, round: green }]])
  const holds = async (parts: readonly Part[]) => (await probe(session, base, sides, parts, cache)) !== null
  const coarse = await minimise(hunks, holds, BUDGET)
  const groups = coarse.kept.flatMap(({ path, groups: all }) => all.map((group) => ({ path, groups: [group] })))
  const fine = await minimise<Part>(groups, holds, BUDGET - coarse.probes)
  const best = await probe(session, base, sides, fine.kept, cache)
  const shown = coarse.shown && fine.shown
  const report = { hunks: hunks.length, kept: fine.kept.length, probes: coarse.probes + fine.probes, shown }
  writeJson(session.record, 'minimize.json', report)
  return { ...(best ?? { change, round: green }), minimal: shown ? 'shown' : 'not finished' }
}

async function probe(
  session: Session,
  base: Baseline,
  sides: readonly Sides[],
  parts: readonly Part[],
  cache: Map<Oid, { change: Candidate; round: Round } | null>,
): Promise<{ change: Candidate; round: Round } | null> {
  const tree = await session.objects.edit(session.base.tree, editsWith(sides, parts))
  const known = cache.get(tree)
  if (known !== undefined) return known
  const change = await candidate(session, tree)
  const examined = await examine(session, change, base.round, { on: 'minimise', keep: null, probe: false })
  const result = examined.ok ? { change, round: examined.round } : null
  cache.set(tree, result)
  return result
}

function editsWith(sides: readonly Sides[], parts: readonly Part[]): Edits {
  const edits = new Map<string, { bytes: Uint8Array; mode: '100644' | '100755' } | null>()
  for (const { path, before, after, mode } of sides) {
    const chosen = new Set(parts.filter((part) => part.path === path).flatMap(({ groups }) => groups))
    const bytes = withGroups(before, after, chosen)
    if (bytes !== before) edits.set(path, bytes && { bytes, mode })
  }
  return edits
}

async function sidesOf(session: Session, change: Candidate): Promise<readonly Sides[]> {
  const read = (oid: Oid) => session.objects.read(oid)
  const before = await editsOf(change.changes, 'before', read)
  const after = await editsOf(change.changes, 'after', read)
  return change.changes.map(({ path }) => ({
    path,
    before: before.get(path)?.bytes ?? null,
    after: after.get(path)?.bytes ?? null,
    mode: after.get(path)?.mode ?? before.get(path)?.mode ?? '100644',
  }))
}
