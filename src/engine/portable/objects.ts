import { createHash } from 'node:crypto'
import { readObject } from 'isomorphic-git'
import { verifiedObjects } from '../core/gitobject/index.ts'
import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import { declaredSize, OBJECT_LIMIT } from './declared-size.ts'
import type { GitDirectories } from './git-directories.ts'
import { type Files, type LimitedReader, readOnly } from './limited-reader.ts'

interface StoredObject {
  readonly type: string
  readonly bytes: Uint8Array
}

/** Objects that are all hashed again. */
export interface RehashedStore extends ReturnType<typeof verifiedObjects> {
  /** An object of any type. Throws OBJECT_MISSING, MALFORMED, and UNSUPPORTED_REPOSITORY for one of more than 64 MiB. */
  object(oid: Oid): Promise<StoredObject>
  /** The size in bytes that it declares. */
  size(oid: Oid): Promise<number>
}

export function rehashedStore(files: Files, disk: LimitedReader, { commonDir }: GitDirectories): RehashedStore {
  const fs = readOnly(files, disk)
  // isomorphic-git caches the packs that it has read in this object.
  const cache = {}
  const size = declaredSize(disk, commonDir)
  const object = async (oid: Oid): Promise<StoredObject> => {
    if (!/^[0-9a-f]{40}$/.test(oid))
      throw new PpError('OBJECT_MISSING', `this is not an object id: ${JSON.stringify(oid)}`)
    if ((await size(oid)) > OBJECT_LIMIT) throw tooLarge(oid)
    const read = await readObject({ fs, gitdir: commonDir, oid, format: 'content', cache }).catch((cause: unknown) => {
      if (cause instanceof PpError) throw cause
      throw isNotFound(cause) ? missing(oid) : damaged(oid, cause)
    })
    if (read.format !== 'content' || !(read.object instanceof Uint8Array)) throw damaged(oid, null)
    const { type, object: bytes } = read
    const hash = createHash('sha1').update(`${type} ${bytes.length}\0`).update(bytes).digest('hex')
    if (hash !== oid) throw damaged(oid, null)
    return { type, bytes }
  }
  const read = async (oid: Oid, type: string): Promise<Uint8Array> => {
    const found = await object(oid)
    if (found.type === type) return found.bytes
    throw new PpError('OBJECT_MISSING', `${oid} is a ${found.type}, not a ${type}`)
  }
  return { object, size, ...verifiedObjects(read, 20) }
}

function isNotFound(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'NotFoundError'
}

function missing(oid: Oid): PpError {
  return new PpError(
    'OBJECT_MISSING',
    `${oid} is not in this repository; fetch it; in a shallow clone, fetch more of the history`,
  )
}

function damaged(oid: Oid, cause: unknown): PpError {
  return new PpError('MALFORMED', `the content of the object ${oid} does not have this id; git fsck tells more`, {
    cause,
  })
}

function tooLarge(oid: Oid): PpError {
  const limit = `${OBJECT_LIMIT >> 20} MiB`
  return new PpError(
    'UNSUPPORTED_REPOSITORY',
    `the object ${oid} is larger than ${limit}, which this library does not read; use git pp verify`,
  )
}
