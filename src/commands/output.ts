import { fstatSync, statSync, writeSync } from 'node:fs'
import { devNull } from 'node:os'

const STREAMS = { 1: 'stdout', 2: 'stderr' } as const

/** stdout or stderr. */
export type Output = keyof typeof STREAMS

/**
 * Writes to stdout (1) or stderr (2) without opening the stream of Node, which costs a tenth of the time of a short answer. A
 * reader that went away is no error.
 */
export function writeNow(to: Output, text: string): void {
  const bytes = Buffer.from(text)
  let written = 0
  try {
    while (written < bytes.length) written += writeSync(to, bytes, written)
  } catch (error) {
    // The reader of a pipe that does not block is slow; the stream waits for it.
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN')
      outputStream(to).write(bytes.subarray(written))
    else tolerate(error)
  }
}

/** The stream of Node. If the reader or the terminal goes away, this is not an error, and the status does not change. */
export function outputStream(to: Output): NodeJS.WriteStream {
  const stream = process[STREAMS[to]]
  if (!stream.listeners('error').includes(tolerate)) stream.on('error', tolerate)
  return stream
}

/** Only a device can be a terminal, and to ask Node for it opens the stream. The one that is thrown away to is none. */
export function isTerminal(to: Output): boolean {
  const facts = fstatSync(to)
  return facts.isCharacterDevice() && facts.rdev !== rdevOfNull() && outputStream(to).isTTY === true
}

function rdevOfNull(): number | undefined {
  return statSync(devNull, { throwIfNoEntry: false })?.rdev
}

function tolerate(error: unknown): void {
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code !== 'EPIPE' && code !== 'EIO') throw error
}
