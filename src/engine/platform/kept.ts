import type { Readable } from 'node:stream'
import { growHeapSlowly } from './heap-growth.ts'

/** The content of a stream, kept up to a bound. */
export interface Kept {
  readonly bytes: () => Buffer
  /** The size of everything that arrived, including what is not kept. */
  readonly size: () => number
}

/** Keeps the first `most` bytes of a stream, which is read to its end. `over` is called once when there is more. */
export function keptOf(stream: Readable, most: number, over: () => void = () => {}): Kept {
  const chunks: Buffer[] = []
  let size = 0
  stream.on('data', (chunk: Buffer) => {
    if (size < most) chunks.push(chunk.subarray(0, most - size))
    if (size <= most && size + chunk.length > most) over()
    size += chunk.length
    growHeapSlowly(size)
  })
  return { bytes: () => Buffer.concat(chunks), size: () => size }
}
