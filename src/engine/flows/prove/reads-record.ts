import { sha256, utf8Bytes } from '../../core/bytes/index.ts'
import type { Session } from '../session/index.ts'

/**
 * How many files of the base its own run read and did not read, and a digest of those that it did not: SHA-256 of a line
 * `<blob id> <path>` for each, in the order of git, each line ended by a zero byte. Null: that was not observed.
 */
export interface ReadsRecord {
  readonly read: number
  readonly notRead: number
  readonly notReadDigest: string
}

export async function readsRecord({
  objects,
  base,
  baseReads,
}: Pick<Session, 'objects' | 'base' | 'baseReads'>): Promise<ReadsRecord | null> {
  const { seen } = baseReads
  if (seen === null) return null
  const files = await objects.list(base.tree)
  const rest = files.filter(({ path }) => !seen.has(path))
  const lines = rest.map(({ oid, path }) => `${oid} ${path}\0`).join('')
  return { read: files.length - rest.length, notRead: rest.length, notReadDigest: sha256(utf8Bytes(lines)) }
}
