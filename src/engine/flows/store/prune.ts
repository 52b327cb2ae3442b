import type { Oid } from '../../model/oid.ts'
import type { GcResult } from '../../model/options.ts'
import { PROVED_VERDICTS } from '../../model/verdict.ts'
import type { Refs } from '../../ports/repository.ts'
import type { ProofStore } from './find-proof.ts'
import { logFlow } from './log.ts'

/**
 * Removes the refs of old sessions that proved nothing; with `all`, every ref and note of ours. Sessions in progress are
 * kept. The commits themselves are left to git gc.
 */
export async function pruneFlow(
  proofStore: ProofStore & { readonly refs: Refs },
  options: {
    readonly olderThan: Date | null
    readonly all: boolean
    readonly dryRun: boolean
    /** Sessions in progress. */
    readonly living: readonly string[]
  },
): Promise<GcResult['removed']> {
  const ours = new Map<string, Oid>()
  for (const prefix of ['refs/pp/', ...(options.all ? ['refs/notes/pp/', 'refs/notes/pp-local/'] : [])])
    for (const [ref, oid] of await proofStore.refs.list(prefix))
      if (!options.living.includes(ref.split('/')[2] ?? '')) ours.set(ref, oid)
  const toForget = options.all ? [...ours.keys()] : await unproved(proofStore, [...ours.keys()], options.olderThan)
  if (!options.dryRun && toForget.length > 0)
    await proofStore.refs.update(toForget.map((ref) => ({ ref, to: null, from: ours.get(ref) ?? null })))
  return toForget.map((ref) => ({
    what: ref,
    why: options.all ? '--all removes everything' : 'old session that proved nothing',
  }))
}

async function unproved(proofStore: ProofStore, refs: readonly string[], olderThan: Date | null): Promise<string[]> {
  if (!olderThan) return []
  const proved = new Set(
    (await logFlow(proofStore, null))
      .filter(({ verdict }) => PROVED_VERDICTS.has(verdict))
      .map(({ session }) => session),
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
