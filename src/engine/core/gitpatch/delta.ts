/**
 * The content that a git delta makes of `source` (gitformat-pack(5), deltified representation); null for bytes that are not a
 * delta of it.
 */
export function applyDelta(delta: Uint8Array, source: Uint8Array): Uint8Array | null {
  const reader = { delta, at: 0 }
  if (number(reader) !== source.length) return null
  const length = number(reader)
  const parts: Uint8Array[] = []
  let made = 0
  while (reader.at < delta.length) {
    const part = instruction(reader, source)
    if (part === null) return null
    made += part.length
    if (made > length) return null
    parts.push(part)
  }
  return made === length ? Uint8Array.from(Buffer.concat(parts)) : null
}

interface DeltaReader {
  readonly delta: Uint8Array
  at: number
}

/** The sizes, in bytes, that a delta states for its source and its result. */
export function deltaSizes(delta: Uint8Array): readonly [source: number, result: number] {
  const reader = { delta, at: 0 }
  return [number(reader), number(reader)]
}

/** A number in groups of seven bits, the lowest first. */
function number(reader: DeltaReader): number {
  let value = 0
  for (let factor = 1; ; factor *= 128) {
    const byte = reader.delta[reader.at++] ?? 0
    value += (byte & 127) * factor
    if (byte < 128 || factor > 2 ** 42) return value
  }
}

function instruction(reader: DeltaReader, source: Uint8Array): Uint8Array | null {
  const { delta } = reader
  const code = delta[reader.at++] ?? 0
  if (code === 0) return null
  if (code < 128) {
    const part = delta.subarray(reader.at, reader.at + code)
    reader.at += code
    return part.length === code ? part : null
  }
  const take = (bits: readonly number[]) =>
    bits.reduce((sum, bit, n) => sum + (code & bit ? (delta[reader.at++] ?? 0) * 256 ** n : 0), 0)
  const offset = take([1, 2, 4, 8])
  const size = take([16, 32, 64]) || 0x10000
  return offset + size > source.length ? null : source.subarray(offset, offset + size)
}
