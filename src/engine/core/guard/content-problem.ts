import type { Change } from '../../model/change.ts'
import type { Oid } from '../../model/oid.ts'
import { packageKeys } from './automatic-execution.ts'

/** Blob id → bytes, for the ids `blobsNeeded` names. */
export type BlobContents = ReadonlyMap<Oid, Uint8Array>

/** The blobs that a decision reads: both sides of every file that is changed or added, and a package.json that is deleted. */
export function blobsNeeded(changes: readonly Change[]): Oid[] {
  const oids = changes.flatMap(({ path, before, after }) =>
    after === null && !isPackageFile(path) ? [] : [before, after].flatMap((end) => (isRegularFile(end) ? end.oid : [])),
  )
  return [...new Set(oids)]
}

/** Whether a side is a regular file, the only kind that the guard allows. */
export function isRegularFile(end: Change['after']): end is { mode: '100644' | '100755'; oid: Oid } {
  return end !== null && (end.mode === '100644' || end.mode === '100755')
}

export function isPackageFile(path: string): boolean {
  return /(?:^|\/)package\.json$/i.test(path)
}

/**
 * Why the content of a change is refused: a text becomes binary, so that no diff would show it, or a file could not be read.
 * A binary file may stay binary; a new file may be binary, and is listed.
 */
export function contentProblem(
  { before, after }: Change,
  blobs: BlobContents,
): { rule: 'binary' | 'unread'; why: string } | null {
  if (!isRegularFile(after)) return null
  const is = blobs.get(after.oid)
  const was = isRegularFile(before) ? blobs.get(before.oid) : null
  if (is === undefined || was === undefined) return { rule: 'unread', why: 'its content could not be read' }
  return was !== null && !isBinary(was) && isBinary(is)
    ? {
        rule: 'binary',
        why: 'it was a text file and would now hold NUL bytes; git then shows no diff of it for review',
      }
    : null
}

/** Whether the bytes contain a NUL, which is how git recognises a binary file. */
export function isBinary(bytes: Uint8Array): boolean {
  return bytes.includes(0)
}

/** What changed in a package.json that can run or install something: the keys, or null if there is nothing of that kind. */
export function packageScripts({ before, after }: Change, blobs: BlobContents): string | null {
  const bytes = (end: Change['after']) => (isRegularFile(end) ? (blobs.get(end.oid) ?? new Uint8Array()) : null)
  const keys = packageKeys(bytes(before), bytes(after))
  if (keys === null) return 'it is not valid JSON'
  return keys.length === 0 ? null : keys.join(', ')
}
