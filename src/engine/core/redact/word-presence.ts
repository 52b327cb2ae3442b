/** Maps ASCII letters to lower case; other bytes stay as they are. */
const FOLD = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte))

/** Makes a function that tells which of `words` (ASCII, two letters or more) occur in bytes, in any case; one pass for all. */
export function wordPresence(words: readonly string[]): (bytes: Uint8Array) => ReadonlySet<string> {
  const firsts = new Uint16Array(65_536)
  const buckets: { readonly word: string; readonly bytes: Uint8Array }[][] = []
  for (const word of new Set(words)) {
    const bytes = new TextEncoder().encode(word.toLowerCase())
    const key = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)
    if (firsts[key] === 0) firsts[key] = buckets.push([])
    buckets[(firsts[key] ?? 1) - 1]?.push({ word, bytes })
  }
  return (bytes) => {
    const found = new Set<string>()
    let key = FOLD[bytes[0] ?? 0] ?? 0
    for (let at = 1; at < bytes.length; at++) {
      key = ((key << 8) & 0xff00) | (FOLD[bytes[at] as number] as number)
      const bucket = firsts[key] as number
      if (bucket === 0) continue
      for (const sign of buckets[bucket - 1] ?? [])
        if (!found.has(sign.word) && standsAt(bytes, at - 1, sign.bytes)) found.add(sign.word)
    }
    return found
  }
}

function standsAt(bytes: Uint8Array, at: number, word: Uint8Array): boolean {
  for (let n = 2; n < word.length; n++) if (FOLD[bytes[at + n] ?? 0] !== word[n]) return false
  return true
}
