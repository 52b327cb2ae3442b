import { strictBase64 } from './base64.ts'
import { NAMESPACE } from './sshsig.ts'

/** One line of a file of allowed signers that ssh-keygen(1) would heed. */
export interface AllowedSigner {
  /** A list of patterns, as ssh-keygen reads it. */
  readonly principals: string
  readonly authority: boolean
  readonly namespaces: string | null
  readonly after: Date | null
  readonly before: Date | null
  /** The key in wire form. */
  readonly key: Uint8Array
}

const LINE =
  /^(?<principals>"[^"]*"|[^\s"]+)[ \t]+(?:(?<options>(?:[^\s"]|"(?:[^"\\]|\\.)*")+)[ \t]+)?(?:ssh-|ecdsa-sha2-|sk-)\S+[ \t]+(?<key>[A-Za-z0-9+/=]+)(?:\s|$)/

/** The lines of such a file; those that cannot be read name nobody, as in OpenSSH. */
export function allowedSigners(text: string): AllowedSigner[] {
  return text.split('\n').flatMap((line) => {
    const { principals, options, key } = LINE.exec(line.trim())?.groups ?? {}
    const wire = key === undefined ? null : strictBase64(key)
    const said = optionsOf(options ?? '')
    return principals === undefined || line.startsWith('#') || wire === null || said === null
      ? []
      : [{ principals: principals.replaceAll('"', ''), ...said, key: wire }]
  })
}

function optionsOf(text: string): Omit<AllowedSigner, 'principals' | 'key'> | null {
  const found = {
    authority: false,
    namespaces: null as string | null,
    after: null as Date | null,
    before: null as Date | null,
  }
  for (const [option] of text.matchAll(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/g)) {
    const [, name = '', value = ''] = /^([a-z-]+)(?:="((?:[^"\\]|\\.)*)")?$/i.exec(option) ?? []
    const date = absoluteTime(value)
    switch (name.toLowerCase()) {
      case 'cert-authority':
        found.authority = true
        break
      case 'namespaces':
        found.namespaces = value
        break
      case 'valid-after':
        if (date === null) return null
        found.after = date
        break
      case 'valid-before':
        if (date === null) return null
        found.before = date
        break
      default:
        return null
    }
  }
  return found
}

/** YYYYMMDD[HHMM[SS]], of this machine's time zone, or of UTC with a Z. */
function absoluteTime(text: string): Date | null {
  const parts = /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(Z?)$/.exec(text)
  if (!parts) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map((part) => Number(part ?? 0))
  const date =
    parts[7] === 'Z'
      ? new Date(Date.UTC(year, month - 1, day, hour, minute, second))
      : new Date(year, month - 1, day, hour, minute, second)
  return Number.isNaN(date.getTime()) ? null : date
}

/** The name under which a key may sign a proof now, as `ssh-keygen -Y find-principals` and `-Y verify` would have it; null: under none. */
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

/** A list of patterns with `*` and `?`; one that begins with `!` and matches takes all others back (ssh_config(5), PATTERNS). */
function matches(text: string, patterns: string): boolean {
  const hits = patterns.split(',').filter((pattern) => matchesOne(text, pattern.replace(/^!/, '')))
  return hits.length > 0 && !hits.some((pattern) => pattern.startsWith('!'))
}

/** Wildcards by hand: no pattern of somebody else becomes a regular expression. */
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

/** The keys of a revocation list that is a text of public keys; null for a binary list (KRL), which only ssh-keygen reads. */
export function revokedKeys(text: string): readonly Uint8Array[] | null {
  if (text.startsWith('SSHKRL')) return null
  const lines = text.split('\n').map((line) => line.trim())
  return lines.flatMap((line) => {
    const key = /^(?:ssh-|ecdsa-sha2-|sk-)\S+\s+([A-Za-z0-9+/=]+)/.exec(line)?.[1]
    return (key === undefined ? null : strictBase64(key)) ?? []
  })
}

/**
 * Why a key that the list names counts for nothing now; null: it is not named, or it counts. Says nothing of a signature: it
 * is for the person who wrote the list, and wonders.
 */
export function whyNotNow(signers: readonly AllowedSigner[], key: Uint8Array, now: Date): string | null {
  const lines = signers.filter((signer) => !signer.authority && Buffer.compare(signer.key, key) === 0)
  const reasons = lines.map(({ principals, namespaces, after, before }) => {
    if (namespaces !== null && !matches(NAMESPACE, namespaces))
      return `listed as ${principals}, but only for ${namespaces}, and proofs are signed for ${NAMESPACE}`
    if (after !== null && now < after) return `listed as ${principals}, but only from ${instant(after)} on`
    return before !== null && now > before ? `listed as ${principals}, but its time ended at ${instant(before)}` : null
  })
  return reasons.includes(null) ? null : (reasons[0] ?? null)
}

function instant(date: Date): string {
  return date.toISOString().replace('.000Z', 'Z')
}
