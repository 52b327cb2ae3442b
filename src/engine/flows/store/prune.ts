import type { Oid } from '../../model/oid.ts'
import type { Sweep } from '../../model/options.ts'
import { HOLDS } from '../../model/verdict.ts'
import type { Refs } from '../../ports/repository.ts'
import type { Shelf } from './find.ts'
import { logFlow } from './log.ts'

/** Refs of old sessions that proved nothing; with `all`, every ref and note of ours, but for sessions under way. Commits themselves are left to git gc. */
export async function pruneFlow(
  shelf: Shelf & { readonly refs: Refs },
  options: {
    readonly olderThan: Date | null
    readonly all: boolean
    readonly dryRun: boolean
    /** Sessions under way. */
    readonly living: readonly string[]
  },
): Promise<Sweep['removed']> {
  const ours = new Map<string, Oid>()
  for (const prefix of ['refs/pp/', ...(options.all ? ['refs/notes/pp/', 'refs/notes/pp-local/'] : [])])
    for (const [ref, oid] of await shelf.refs.list(prefix))
      if (!options.living.includes(ref.split('/')[2] ?? '')) ours.set(ref, oid)
  const doomed = options.all ? [...ours.keys()] : await unproved(shelf, [...ours.keys()], options.olderThan)
  if (!options.dryRun && doomed.length > 0)
    await shelf.refs.update(doomed.map((ref) => ({ ref, to: null, from: ours.get(ref) ?? null })))
  return doomed.map((ref) => ({
    what: ref,
    why: options.all ? '--all removes everything' : 'old session that proved nothing',
  }))
}

async function unproved(shelf: Shelf, refs: readonly string[], olderThan: Date | null): Promise<string[]> {
  if (!olderThan) return []
  const proved = new Set(
    (await logFlow(shelf, null)).filter(({ verdict }) => HOLDS.has(verdict)).map(({ session }) => session),
  )
  return refs.filter((ref) => {
    const session = ref.split('/')[2] ?? ''
    return !proved.has(session) && startedAt(session) < olderThan.getTime()
  })
}

/** A ULID begins with its time: 10 digits of base 32, ms since 1970. */
function startedAt(session: string): number {
  const digits = '0123456789abcdefghjkmnpqrstvwxyz'
  return [...session.slice(0, 10)].reduce((ms, digit) => ms * 32 + digits.indexOf(digit), 0)
}
