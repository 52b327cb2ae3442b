import { verifiedObjects } from '../core/gitobject/index.ts'
import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import type { VerifiedObjects } from '../ports/repository.ts'
import type { ObjectReading } from './git-context.ts'
import { idBytesOf } from './object-format.ts'

/**
 * Objects for verifiers that trust nobody. Git itself believes that a loose object is what its file name says, so every
 * commit, tree and blob is read and hashed again here. Throws MALFORMED if the content does not have the id, TREE_TOO_LARGE.
 */
export function rehashedObjects({ cat, place }: Pick<ObjectReading, 'cat' | 'place'>): VerifiedObjects {
  const read = async (oid: Oid, type: string, most?: number): Promise<Buffer> => {
    try {
      return await cat.read(oid, type, most)
    } catch (cause) {
      const there = cause instanceof PpError && cause.code === 'GIT_FAILED' && (await cat.info(oid)) !== null
      if (!there) throw cause
      throw new PpError('MALFORMED', `the content of the ${type} ${oid} does not have this id; git fsck tells more`, {
        cause,
      })
    }
  }
  return verifiedObjects(read, idBytesOf(place))
}
