import { diffArrays } from 'diff'

/** Bytes as a string of the same length, one character (0 to 255) for each byte; nothing is lost in any encoding. */
export function byteString(bytes: Uint8Array): string {
  let out = ''
  for (let at = 0; at < bytes.length; at += 8192) out += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return out
}

/** The inverse of `byteString`. */
export function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at)
  return bytes
}

/** Lines with their '\n' kept, so that joining them gives the text back; '' has no lines. */
export function splitLines(text: string): string[] {
  const lines: string[] = []
  let from = 0
  while (from < text.length) {
    const end = text.indexOf('\n', from)
    const to = end < 0 ? text.length : end + 1
    lines.push(text.slice(from, to))
    from = to
  }
  return lines
}

export function isBinary(bytes: Uint8Array): boolean {
  return bytes.includes(0)
}

/** One changed place: `removed` old lines from old line `at` (0-based) give way to `added`. Never both empty. */
export interface Splice {
  readonly at: number
  readonly removed: number
  readonly added: readonly string[]
}

export function sameSplice(a: Splice, b: Splice): boolean {
  if (a.at !== b.at || a.removed !== b.removed || a.added.length !== b.added.length) return false
  return a.added.every((line, n) => line === b.added[n])
}

/** Longer edit scripts are not searched for: then the differing middle counts as one place. */
const MAX_EDITS = 5000

/** The changed places between two lists of lines, ascending; two places never touch each other. */
export function diffLines(before: readonly string[], after: readonly string[]): readonly Splice[] {
  const shorter = Math.min(before.length, after.length)
  let head = 0
  while (head < shorter && before[head] === after[head]) head += 1
  let tail = 0
  while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1
  const old = before.slice(head, before.length - tail)
  const young = after.slice(head, after.length - tail)
  if (old.length === 0 && young.length === 0) return []
  const whole = { at: head, removed: old.length, added: young }
  if (old.length === 0 || young.length === 0) return [whole]
  const parts = diffArrays(old, young, { maxEditLength: MAX_EDITS })
  return parts === undefined ? [whole] : splices(parts, head)
}

function splices(parts: readonly { added: boolean; removed: boolean; value: string[] }[], head: number): Splice[] {
  const found: Splice[] = []
  let at = head
  let open: { at: number; removed: number; added: string[] } | null = null
  for (const part of parts) {
    if (!part.added && !part.removed) {
      if (open !== null) found.push(open)
      open = null
      at += part.value.length
      continue
    }
    open ??= { at, removed: 0, added: [] }
    if (part.added) open.added = open.added.concat(part.value)
    else {
      open.removed += part.value.length
      at += part.value.length
    }
  }
  if (open !== null) found.push(open)
  return found
}

/** The lines after these changes. `changes` ascend and do not overlap. */
export function applySplices(before: readonly string[], changes: readonly Splice[]): string[] {
  const out: string[] = []
  let at = 0
  for (const change of changes) {
    for (; at < change.at; at += 1) out.push(before[at] ?? '')
    for (const line of change.added) out.push(line)
    at = change.at + change.removed
  }
  for (; at < before.length; at += 1) out.push(before[at] ?? '')
  return out
}
