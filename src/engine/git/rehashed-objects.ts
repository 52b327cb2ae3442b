import { verifiedObjects } from '../core/gitobject/index.ts'
import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import type { VerifiedObjects } from '../ports/repository.ts'
import type { GitContext } from './git-context.ts'
import { idBytesOf } from './tree-size.ts'

/**
 * Objects for those who believe nobody: git itself takes a loose object for what its file is called, so every commit,
 * tree and blob is read by us and hashed again. Throws MALFORMED for one that is not what its id says, TREE_TOO_LARGE.
 */
export function rehashedObjects({ cat, place }: GitContext): VerifiedObjects {
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
  return verifiedObjects(read, idBytesOf(place))
}
