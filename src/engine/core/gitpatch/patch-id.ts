import { createHash, type Hash } from 'node:crypto'
import type { Oid } from '../../model/oid.ts'
import { byteString, bytesOf } from '../patch/index.ts'

/**
 * `git patch-id --stable` of a text patch (git-patch-id(1)): the sum over the files of a sha1 of their lines without white
 * space and line numbers. Null for an empty patch. For binary patches git's answer depends on its version, so ours may
 * differ.
 */
export function patchId(patch: Uint8Array): Oid | null {
  const sum = new Uint8Array(20)
  let file: Hash | null = null
  let left = { old: 0, young: 0 }
  const flush = () => {
    if (file) add(sum, file.digest())
    file = null
  }
  for (const line of byteString(patch).split('\n')) {
    const inHunk = left.old > 0 || left.young > 0
    if (!inHunk && line.startsWith('diff ')) {
      flush()
      file = createHash('sha1')
    }
    const hunk = inHunk ? null : /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line)
    if (hunk) left = { old: Number(hunk[1] ?? 1), young: Number(hunk[2] ?? 1) }
    if (hunk || !file || line.startsWith('\\ ') || (!inHunk && line.startsWith('index '))) continue
    if (inHunk && !line.startsWith('+')) left.old -= 1
    if (inHunk && !line.startsWith('-')) left.young -= 1
    file.update(bytesOf(line.replace(/[\t\n\v\f\r ]/g, '')))
  }
  const some = file !== null
  flush()
  return some ? Buffer.from(sum).toString('hex') : null
}

/** Adds one hash to the sum, the lowest byte first. */
function add(sum: Uint8Array, hash: Uint8Array): void {
  let carry = 0
  for (let at = 0; at < sum.length; at++) {
    carry += (sum[at] ?? 0) + (hash[at] ?? 0)
    sum[at] = carry & 255
    carry >>= 8
  }
}
