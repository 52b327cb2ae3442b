import type { Change } from '../../model/change.ts'
import type { FoundSecret, SecretSearch } from '../../model/redactor.ts'
import { type BlobContents, isRegularFile } from './content-problem.ts'

/** A secret that a change adds. `path`: the file that holds it; null: the name of a file holds it. */
export interface AddedSecret {
  readonly path: string | null
  readonly found: FoundSecret
}

/**
 * The secrets that the changed files hold after a change and did not hold before it: in the bytes of blobs, text or not, and in
 * names. A secret that only moves from one changed file to another is not added.
 */
export function addedSecrets(changes: readonly Change[], blobs: BlobContents, { find }: SecretSearch): AddedSecret[] {
  const inFile = (end: Change['after']) =>
    find((isRegularFile(end) ? blobs.get(end.oid) : undefined) ?? new Uint8Array())
  const inName = (path: string) => find(new TextEncoder().encode(path))
  const after = changes.flatMap((change): AddedSecret[] =>
    change.after === null
      ? []
      : [
          ...inName(change.path).map((found) => ({ path: null, found })),
          ...inFile(change.after).map((found) => ({ path: change.path, found })),
        ],
  )
  if (after.length === 0) return []
  const held = new Map<string, number>()
  for (const { path, before } of changes)
    for (const one of before === null ? [] : [...inName(path), ...inFile(before)])
      held.set(keyOf(one), (held.get(keyOf(one)) ?? 0) + 1)
  return after.filter(({ found }) => {
    const left = held.get(keyOf(found)) ?? 0
    held.set(keyOf(found), left - 1)
    return left <= 0
  })
}

function keyOf({ is, name, text }: FoundSecret): string {
  return `${is} ${name} ${text}`
}
