import type { SessionId } from '../../model/oid.ts'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** A ULID in lower case: 48 bits of ms since 1970, 80 random bits (https://github.com/ulid/spec). `random` = 10 bytes. */
export function ulid(at: Date, random: Uint8Array): SessionId {
  const bytes = [...timeBytes(at.getTime()), ...random.subarray(0, 10)]
  let bits = 0n
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte)
  let text = ''
  for (let shift = 125n; shift >= 0n; shift -= 5n) text += ALPHABET[Number((bits >> shift) & 31n)]
  return text
}

function timeBytes(ms: number): number[] {
  return [40, 32, 24, 16, 8, 0].map((shift) => Math.floor(ms / 2 ** shift) % 256)
}
