/**
 * The bytes of a base64 text in the standard or the URL-safe alphabet (RFC 4648), padded or not; null for any other text,
 * also for one with white space.
 */
export function strictBase64(text: string): Uint8Array | null {
  const bare = text.replace(/={0,2}$/, '')
  const standard = /^[A-Za-z0-9+/]*$/.test(bare)
  if (!standard && !/^[A-Za-z0-9_-]*$/.test(bare)) return null
  if (bare.length % 4 === 1 || (text !== bare && text.length % 4 !== 0)) return null
  const encoding = standard ? 'base64' : 'base64url'
  const bytes = Buffer.from(bare, encoding)
  // The last character may have bits that belong to no byte. They must be zero, so that each content has only one text.
  return bytes.toString(encoding).replace(/=+$/, '') === bare ? Uint8Array.from(bytes) : null
}
