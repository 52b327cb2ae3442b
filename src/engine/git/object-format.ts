import type { Oid } from '../model/oid.ts'
import type { RepositoryPaths } from '../ports/repository.ts'

type PlaceWithFormat = Pick<RepositoryPaths, 'objectFormat'>

/** The id of all zeros, which means "no object". */
export function zeroId({ objectFormat }: PlaceWithFormat): Oid {
  return '0'.repeat(objectFormat === 'sha1' ? 40 : 64)
}

/** The length of a binary id in bytes. */
export function idBytesOf({ objectFormat }: PlaceWithFormat): number {
  return objectFormat === 'sha1' ? 20 : 32
}
