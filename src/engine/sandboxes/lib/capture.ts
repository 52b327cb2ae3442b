import { createHash } from 'node:crypto'
import type { CapturedStream } from '../../model/evidence.ts'
import type { SecretRedactor } from '../../model/redactor.ts'

/** Takes one stream chunk by chunk; `end` closes it. */
export interface StreamCapture {
  push(chunk: Uint8Array): void
  end(): CapturedStream
}

const BLOCK = 256 * 1024

/**
 * Redacts a stream, counts and hashes all of it, and keeps the first quarter and the last three quarters of `limit` bytes
 * with one marker line between them. Uses `limit` bytes and a few blocks of memory for any amount of input. It allocates
 * little, since the garbage collector is slower than a fast stream. Where the stream is cut for redaction depends only on its
 * bytes, so the digest does not depend on the size of the chunks.
 */
export function captureStream(redactor: SecretRedactor, limit: number): StreamCapture {
  const hash = createHash('sha256')
  const kept = headAndTail(limit)
  const block = Math.max(BLOCK, redactor.overlap * 8)
  let pending = new Uint8Array(0)
  let size = 0
  let redactions = 0

  const emit = (raw: Uint8Array) => {
    const { bytes, hits } = redactor.redact(raw)
    redactions += hits
    hash.update(bytes)
    kept.add(bytes)
  }
  const room = block + redactor.overlap
  return {
    push(chunk) {
      for (let at = 0; at < chunk.length; ) {
        const part = chunk.subarray(at, at + room - size)
        pending = holding(pending, size + part.length, room)
        pending.set(part, size)
        size += part.length
        at += part.length
        if (size < room) return
        const cut = safeCut(redactor, pending, block)
        emit(pending.subarray(0, cut))
        pending.copyWithin(0, cut, size)
        size -= cut
      }
    },
    end() {
      emit(pending.subarray(0, size))
      const { bytes, truncated } = kept
      return { bytes: bytes(), sha256: hash.digest('hex'), truncated: truncated(), redactions, kept: kept.end() }
    },
  }
}

/** The array itself if `size` bytes fit, else a larger array with the same content: twice as large, at most `most`. */
function holding(array: Uint8Array<ArrayBuffer>, size: number, most: number): Uint8Array<ArrayBuffer> {
  if (size <= array.length) return array
  const larger = new Uint8Array(Math.min(most, Math.max(size, 2 * array.length)))
  larger.set(array)
  return larger
}

/**
 * A position at or before `wanted` that is not inside of a secret: redacting both sides separately must give the same as
 * redacting them together. Where the results differ, their common start shows where the secret begins.
 */
function safeCut(redactor: SecretRedactor, raw: Uint8Array, wanted: number): number {
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

/**
 * Keeps the first quarter and the last three quarters of `limit` bytes of what is added; added chunks can be collected
 * afterwards.
 */
function headAndTail(limit: number) {
  const headLimit = Math.floor(limit / 4)
  let head = new Uint8Array(0)
  const tail = ring(limit - headLimit)
  let bytes = 0

  return {
    bytes: () => bytes,
    truncated: () => bytes > limit,
    add(chunk: Uint8Array) {
      const first = chunk.subarray(0, Math.max(0, headLimit - bytes))
      if (first.length > 0) {
        head = holding(head, bytes + first.length, headLimit)
        head.set(first, bytes)
      }
      bytes += chunk.length
      tail.add(chunk.subarray(first.length))
    },
    end(): Uint8Array {
      const first = head.subarray(0, bytes)
      const marker = bytes > limit ? [Buffer.from(`\n[... ${bytes - limit} bytes cut ...]\n`)] : []
      return joined([first, ...marker, ...tail.parts()])
    },
  }
}

/** Keeps the last `limit` bytes of what is added. */
function ring(limit: number) {
  let store = new Uint8Array(0)
  let size = 0
  let oldest = 0
  return {
    add(chunk: Uint8Array) {
      const fresh = chunk.subarray(Math.max(0, chunk.length - limit))
      const fits = fresh.subarray(0, limit - size)
      store = holding(store, size + fits.length, limit)
      store.set(fits, size)
      size += fits.length
      for (let rest = fresh.subarray(fits.length); rest.length > 0; ) {
        const part = rest.subarray(0, limit - oldest)
        store.set(part, oldest)
        oldest = (oldest + part.length) % limit
        rest = rest.subarray(part.length)
      }
    },
    parts: () => [store.subarray(oldest, size), store.subarray(0, oldest)],
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts)
}
