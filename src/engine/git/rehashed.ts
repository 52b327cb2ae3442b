import { evidential } from '../core/gitobject/index.ts'
import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import type { Evidential } from '../ports/repository.ts'
import type { Ground } from './ground.ts'
import { idBytesOf } from './weighing.ts'

/**
 * Objects for those who believe nobody: git itself takes a loose object for what its file is called, so every commit,
 * tree and blob is read by us and hashed again. Throws MALFORMED for one that is not what its id says, TREE_TOO_LARGE.
 */
export function rehashed({ cat, place }: Ground): Evidential {
  const read = async (oid: Oid, type: string): Promise<Buffer> => {
    try {
      return await cat.read(oid, type)
    } catch (cause) {
      const there = cause instanceof PpError && cause.code === 'GIT_FAILED' && (await cat.info(oid)) !== null
      if (!there) throw cause
      throw new PpError('MALFORMED', `the content of the ${type} ${oid} does not have this id; git fsck tells more`, {
        cause,
      })
    }
  }
  return evidential(read, idBytesOf(place))
}
