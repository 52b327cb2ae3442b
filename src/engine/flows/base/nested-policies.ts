import type { NestedPolicy } from '../../core/guard/index.ts'
import { directoryOf, mergePolicy, nearestPolicyFile, parsePolicy } from '../../core/policy/index.ts'
import type { Change, TreeEntry } from '../../model/change.ts'
import type { Oid } from '../../model/oid.ts'
import type { Policy } from '../../model/policy.ts'

/**
 * The policies of the base that apply to the directories of the changed files, besides those in force: these files must obey
 * each of them.
 */
export async function nestedPolicies(
  base: readonly TreeEntry[],
  changes: readonly Change[],
  inForce: Policy['files'],
  read: (oid: Oid) => Promise<Uint8Array>,
): Promise<NestedPolicy[]> {
  const oids = new Map(base.map(({ path, oid }) => [path, oid]))
  const heeded = new Set(inForce.flatMap(({ path, commit }) => (commit === null ? [] : [path])))
  const found = new Map<string, Set<string>>()
  for (const { path } of changes) {
    const file = nearestPolicyFile(directoryOf(path), (one) => oids.has(one))
    if (file === null || heeded.has(file)) continue
    found.set(file, (found.get(file) ?? new Set()).add(path))
  }
  return Promise.all(
    [...found].map(async ([file, paths]) => {
      const oid = oids.get(file)
      return {
        file,
        paths,
        policy: oid === undefined ? null : readNestedPolicy(file, new TextDecoder().decode(await read(oid))),
      }
    }),
  )
}

/** What one policy file says by itself; null where it cannot be read. */
export function readNestedPolicy(path: string, text: string): Policy | null {
  const parsed = parsePolicy(text, { file: path, format: path.endsWith('.json') ? 'json' : 'yaml' })
  if (!parsed.ok) return null
  const file = { path, commit: null, blob: null }
  const layer = { from: 'file', values: parsed.value, root: directoryOf(path), file, lines: parsed.lines } as const
  return mergePolicy([layer], { limits: 'written' })
}
