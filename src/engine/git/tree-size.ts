import { parseTreeObject, treeSizeCheck } from '../core/gitobject/index.ts'
import type { Oid } from '../model/oid.ts'
import type { RepositoryPaths } from '../ports/repository.ts'
import type { CatFile } from './cat-file.ts'

/** `treeSizeCheck` over the objects of a repository. */
export function treeSizeCheckOf(
  cat: CatFile,
  place: Pick<RepositoryPaths, 'objectFormat'>,
): (tree: Oid) => Promise<void> {
  return treeSizeCheck(async (tree) => parseTreeObject(tree, await cat.read(tree, 'tree'), idBytesOf(place)))
}

/** The length of a binary id in bytes. */
export function idBytesOf({ objectFormat }: Pick<RepositoryPaths, 'objectFormat'>): number {
  return objectFormat === 'sha1' ? 20 : 32
}
