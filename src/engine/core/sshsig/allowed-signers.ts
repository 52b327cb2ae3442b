import { PpError } from '../../model/error.ts'
import { keyAtStart } from './key-line.ts'
import { type AllowedSigner, signerLine } from './signer-line.ts'
import { keyIdOfSshKey, NAMESPACE } from './sshsig.ts'

/** The lines of such a file; lines that cannot be read are ignored, as in OpenSSH. */
export function allowedSigners(text: string): AllowedSigner[] {
  return text.split('\n').flatMap((line) => signerLine(line) ?? [])
}

/** The name under which a key may sign a proof now, as in `ssh-keygen -Y find-principals` and `-Y verify`; null: none. */
export function principalOf(signers: readonly AllowedSigner[], key: Uint8Array, now: Date): string | null {
  const lines = signers.filter((signer) => !signer.authority && Buffer.compare(signer.key, key) === 0)
  const good = lines.filter(
    ({ namespaces, after, before }) =>
      (namespaces === null || matches(NAMESPACE, namespaces)) &&
      (after === null || now >= after) &&
      (before === null || now <= before),
  )
  const names = lines.flatMap(({ principals }) => principals.split(','))
  return names.find((name) => good.some(({ principals }) => matches(name, principals))) ?? null
}

/**
 * Matches a list of patterns with `*` and `?`; if a pattern that begins with `!` matches, the list does not match
 * (ssh_config(5), PATTERNS).
 */
function matches(text: string, patterns: string): boolean {
  const hits = patterns.split(',').filter((pattern) => matchesOne(text, pattern.replace(/^!/, '')))
  return hits.length > 0 && !hits.some((pattern) => pattern.startsWith('!'))
}

/** Wildcards are matched by hand, so that no foreign pattern becomes a regular expression. */
function matchesOne(text: string, pattern: string): boolean {
  let [at, star, mark] = [0, -1, 0]
  let next = 0
  while (at < text.length) {
    if (next < pattern.length && (pattern[next] === '?' || (pattern[next] === text[at] && pattern[next] !== '*'))) {
      at += 1
      next += 1
    } else if (pattern[next] === '*') {
      star = next++
      mark = at
    } else if (star >= 0) {
      next = star + 1
      at = ++mark
    } else return false
  }
  return /^\**$/.test(pattern.slice(next))
}

/**
 * The ids of the keys in a revocation list that is a text of public keys; null for a binary list (KRL), which only ssh-keygen
 * reads. Throws USAGE for a line that cannot be read; otherwise the key that it means would stay valid. ssh-keygen then
 * trusts nobody, too.
 */
export function revokedKeys(text: string, origin: string): ReadonlySet<string> | null {
  if (text.startsWith('SSHKRL')) return null
  const keys = new Set<string>()
  for (const [at, line] of text.split('\n').entries()) {
    const bare = line.replace(/^[ \t]+/, '')
    if (bare === '' || bare.startsWith('#')) continue
    const key = keyAtStart(bare)
    if (!key)
      throw new PpError(
        'USAGE',
        `line ${at + 1} of the revoked keys in ${origin} is not a public key, so no signature can be trusted`,
        {
          mend: 'write one key per line, as in a .pub file: KIND BASE64 [COMMENT]',
        },
      )
    keys.add(keyIdOfSshKey(key))
  }
  return keys
}

/**
 * Why a key that is in the list does not count now; null: it is not listed, or it counts. This is not about a signature: it
 * helps the author of the list to find the mistake.
 */
export function whyNotNow(signers: readonly AllowedSigner[], key: Uint8Array, now: Date): string | null {
  const lines = signers.filter((signer) => !signer.authority && Buffer.compare(signer.key, key) === 0)
  const reasons = lines.map(({ principals, namespaces, after, before }) => {
    if (namespaces !== null && !matches(NAMESPACE, namespaces))
      return `listed as ${principals}, but only for signatures of ${namespaces}; a proof needs ${NAMESPACE}`
    if (after !== null && now < after) return `listed as ${principals}, but valid only from ${instant(after)} on`
    return before !== null && now > before ? `listed as ${principals}, but valid only until ${instant(before)}` : null
  })
  return reasons.includes(null) ? null : (reasons[0] ?? null)
}

function instant(date: Date): string {
  return date.toISOString().replace('.000Z', 'Z')
}
