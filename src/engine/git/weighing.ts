import { parseEntries, weigher } from '../core/gitobject/index.ts'
import type { Oid } from '../model/oid.ts'
import type { Place } from '../ports/repository.ts'
import type { CatFile } from './catfile.ts'

/** `weigher` over the objects of a repository. */
export function weighing(cat: CatFile, place: Pick<Place, 'objectFormat'>): (tree: Oid) => Promise<void> {
  return weigher(async (tree) => parseEntries(tree, await cat.read(tree, 'tree'), idBytesOf(place)))
}

/** How long a binary id is. */
export function idBytesOf({ objectFormat }: Pick<Place, 'objectFormat'>): number {
  return objectFormat === 'sha1' ? 20 : 32
}
