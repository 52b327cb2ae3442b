import type { Change } from '../../model/change.ts'
import { type BlobContents, isRegularFile } from './content-problem.ts'

/**
 * The lines of all changed files that the same file did not contain before. Read from the bytes of blobs, never from the text
 * of a patch.
 */
export function addedLines(changes: readonly Change[], blobs: BlobContents): Uint8Array {
  const added = changes.flatMap(({ before, after }) => {
    const known = new Set(linesOf(before, blobs))
    return linesOf(after, blobs).filter((line) => !known.has(line))
  })
  return Buffer.from(added.join('\n'), 'latin1')
}

function linesOf(end: Change['after'], blobs: BlobContents): readonly string[] {
  const bytes = isRegularFile(end) ? blobs.get(end.oid) : undefined
  return bytes === undefined ? [] : Buffer.from(bytes).toString('latin1').split('\n')
}
