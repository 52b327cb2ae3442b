import { createHash } from 'node:crypto'
import type { Captured } from '../../model/evidence.ts'
import type { Redactor } from '../../ports/sandbox.ts'

/** Takes one stream chunk by chunk; `end` closes it. */
export interface Capture {
  push(chunk: Uint8Array): void
  end(): Captured
}

const BLOCK = 128 * 1024

/**
 * Redacts a stream, counts and hashes all of it, keeps the first quarter and the last three quarters of `limit` bytes with
 * one marker line between. Memory: `limit` + a few blocks, whatever comes. Where the stream is cut for redaction depends on its bytes
 * alone, so the digest does not depend on how the chunks fell.
 */
export function capture(redactor: Redactor, limit: number): Capture {
  const hash = createHash('sha256')
  const kept = headAndTail(limit)
  const block = Math.max(BLOCK, redactor.overlap * 8)
  let pending: Uint8Array[] = []
  let size = 0
  let redactions = 0

  const emit = (raw: Uint8Array) => {
    const { bytes, hits } = redactor.redact(raw)
    redactions += hits
    hash.update(bytes)
    kept.add(bytes)
  }
  const drain = () => {
    let raw = joined(pending)
    while (raw.length >= block + redactor.overlap) {
      const cut = safeCut(redactor, raw, block)
      emit(raw.subarray(0, cut))
      raw = raw.subarray(cut)
    }
    pending = [raw]
    size = raw.length
  }
  return {
    push(chunk) {
      pending.push(chunk)
      size += chunk.length
      if (size >= block + redactor.overlap) drain()
    },
    end() {
      emit(joined(pending))
      const { bytes, truncated } = kept
      return { bytes: bytes(), sha256: hash.digest('hex'), truncated: truncated(), redactions, kept: kept.end() }
    },
  }
}

/**
 * A position at or before `wanted` where no secret lies across: redacting both sides apart gives what redacting them
 * together gives. Where they differ, the common start of both says where the secret begins.
 */
function safeCut(redactor: Redactor, raw: Uint8Array, wanted: number): number {
  let cut = wanted
  for (let step = 1; cut > wanted / 2; step *= 2) {
    const from = Math.max(0, cut - redactor.overlap)
    const left = redactor.redact(raw.subarray(from, cut)).bytes
    const right = redactor.redact(raw.subarray(cut, cut + redactor.overlap)).bytes
    const whole = redactor.redact(raw.subarray(from, cut + redactor.overlap)).bytes
    if (Buffer.compare(joined([left, right]), whole) === 0) return cut
    cut -= Math.max(step, left.length - commonStart(left, whole))
  }
  return wanted
}

function commonStart(a: Uint8Array, b: Uint8Array): number {
  let n = 0
  while (n < a.length && a[n] === b[n]) n++
  return n
}

/** The first quarter and the last three quarters of `limit` bytes of what is added. */
function headAndTail(limit: number) {
  const headLimit = Math.floor(limit / 4)
  const tailLimit = limit - headLimit
  const head: Uint8Array[] = []
  let headSize = 0
  const tail: Uint8Array[] = []
  let tailSize = 0
  let bytes = 0

  return {
    bytes: () => bytes,
    truncated: () => bytes > limit,
    add(chunk: Uint8Array) {
      bytes += chunk.length
      const first = chunk.subarray(0, headLimit - headSize)
      if (first.length > 0) head.push(first)
      headSize += first.length
      if (first.length === chunk.length) return
      tail.push(chunk.subarray(first.length))
      tailSize += chunk.length - first.length
      for (let oldest = tail[0]; oldest && tailSize - oldest.length >= tailLimit; oldest = tail[0]) {
        tail.shift()
        tailSize -= oldest.length
      }
    },
    end(): Uint8Array {
      if (bytes <= limit) return joined([...head, ...tail])
      const marker = `\n[… ${bytes - limit} bytes cut …]\n`
      const last = joined(tail)
      return joined([...head, Buffer.from(marker), last.subarray(last.length - tailLimit)])
    },
  }
}

/** One array is handed on as it is. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts
  return only !== undefined && parts.length === 1 ? only : Buffer.concat(parts)
}
