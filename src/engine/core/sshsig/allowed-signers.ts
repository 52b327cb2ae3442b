import { PpError } from '../../model/error.ts'
import { keyAtStart } from './key-line.ts'
import { type AllowedSigner, signerLine } from './signer-line.ts'
import { keyIdOfSshKey, NAMESPACE } from './sshsig.ts'

/** The lines of such a file; lines that cannot be read are ignored, as in OpenSSH. */
export function allowedSigners(text: string): AllowedSigner[] {
  return text.split('\n').flatMap((line) => signerLine(line) ?? [])
}

/** How many names of a line are tried. */
export const MOST_NAMES = 16

/**
 * The name under which a key may sign a proof now; null: none. It is the one that git finds, too: `ssh-keygen -Y find-principals`
 * answers with the names of the first line that has this key and is valid now, whatever its namespaces, up to an empty name.
 * `ssh-keygen -Y verify` then needs a line that has the key, matches the name, and is valid for this namespace.
 */
export function principalOf(signers: readonly AllowedSigner[], key: Uint8Array, now: Date): string | null {
  const lines = signers.filter(
    (signer) => !signer.authority && Buffer.compare(signer.key, key) === 0 && isCurrent(signer, now),
  )
  const good = lines.filter(({ namespaces }) => namespaces === null || matches(NAMESPACE, namespaces))
  const names = lines[0]?.principals.split(',') ?? []
  const end = names.indexOf('')
  const tried = names.slice(0, end < 0 ? MOST_NAMES : Math.min(end, MOST_NAMES))
  return tried.find((name) => good.some(({ principals }) => matches(name, principals))) ?? null
}

/** Whether a line is valid at a time; ssh-keygen counts whole seconds. */
function isCurrent({ after, before }: AllowedSigner, now: Date): boolean {
  const second = Math.floor(now.getTime() / 1000) * 1000
  return (after === null || second >= after.getTime()) && (before === null || second <= before.getTime())
}

/** In bytes. A list with a pattern that is as long as this matches nothing (match.c of OpenSSH). */
const TOO_LONG = 1023

/**
 * Matches a list of patterns with `*` and `?`; if a pattern that begins with `!` matches, the list does not match
 * (ssh_config(5), PATTERNS). `?` is one byte.
 */
function matches(text: string, list: string): boolean {
  const [subject, patterns] = [bytesOf(text), bytesOf(list).split(',')]
  if (patterns.some((pattern) => pattern.replace(/^!/, '').length >= TOO_LONG)) return false
  const hits = patterns.filter((pattern) => matchesOne(subject, pattern.replace(/^!/, '')))
  return hits.length > 0 && !hits.some((pattern) => pattern.startsWith('!'))
}

/** A text with one character for each byte of it in UTF-8. */
function bytesOf(text: string): string {
  return Buffer.from(text).toString('latin1')
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

/** How a binary list of revoked keys begins (PROTOCOL.krl of OpenSSH). */
const KRL = 'SSHKRL\n\0'

/**
 * The ids of the keys in a revocation list that is a text of public keys; null for a binary list (KRL), which only ssh-keygen
 * reads. Throws USAGE for a line that cannot be read; otherwise the key that it means would stay valid. ssh-keygen then trusts
 * nobody, too. A line with a NUL counts as one that cannot be read, although ssh-keygen reads it up to there.
 */
export function revokedKeys(text: string, origin: string): ReadonlySet<string> | null {
  if (text.startsWith(KRL)) return null
  const keys = new Set<string>()
  for (const [at, line] of text.split('\n').entries()) {
    const bare = line.replace(/^[ \t]+/, '')
    if (bare === '' || bare.startsWith('#')) continue
    const key = line.includes('\0') ? null : keyAtStart(bare)
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
  const second = Math.floor(now.getTime() / 1000) * 1000
  const reasons = lines.map(({ principals, namespaces, after, before }) => {
    if (namespaces !== null && !matches(NAMESPACE, namespaces))
      return `listed as ${principals}, but only for signatures of ${namespaces}; a proof needs ${NAMESPACE}`
    if (after !== null && second < after.getTime())
      return `listed as ${principals}, but valid only from ${instant(after)} on`
    return before !== null && second > before.getTime()
      ? `listed as ${principals}, but valid only until ${instant(before)}`
      : null
  })
  return reasons.includes(null) ? null : (reasons[0] ?? null)
}

function instant(date: Date): string {
  return date.toISOString().replace('.000Z', 'Z')
}
