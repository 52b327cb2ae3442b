import { createHash, randomBytes } from 'node:crypto'
import { lstat, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readSmall } from '../platform/index.ts'
import type { RefutedCandidates } from '../ports/refuted-candidates.ts'

/** Keys are not kept for longer than this, in ms: programs outside of the repository change, too. */
const KEPT_MS = 24 * 3_600_000
const MOST_KEYS = 20_000
const KEY = /^[0-9a-f]{64}$/

/** `save` writes what was added, for later sessions. */
export interface KeptCandidates extends RefutedCandidates {
  save(): Promise<void>
}

/**
 * Reads the refuted candidates of a repository from its directory in the cache. A file that is older than a day, that somebody
 * else may write, or whose digest does not fit counts as empty.
 */
export async function refutedCandidates(repository: string, now = Date.now()): Promise<KeptCandidates> {
  const file = join(repository, 'refuted')
  const keys = new Set(await readKeys(file, now))
  const known = keys.size
  return {
    has: (key) => keys.has(key),
    add: (key) => {
      keys.add(key)
    },
    async save() {
      if (keys.size === known) return
      const text = [...keys].slice(-MOST_KEYS).join('\n')
      const own = `${file}~${randomBytes(6).toString('hex')}`
      await writeFile(own, `${digestOf(text)}\n${text}`, { mode: 0o600, flag: 'wx' })
      await rename(own, file)
    },
  }
}

async function readKeys(file: string, now: number): Promise<readonly string[]> {
  const facts = await lstat(file).catch(() => null)
  if (!facts?.isFile() || facts.uid !== process.geteuid?.() || (facts.mode & 0o077) !== 0) return []
  if (now - facts.mtimeMs > KEPT_MS) return []
  const bytes = await readSmall(file, (MOST_KEYS + 2) * 65)
  const [digest = '', ...keys] = (bytes ?? '').toString('latin1').split('\n')
  return digest === digestOf(keys.join('\n')) && keys.every((key) => KEY.test(key)) ? keys : []
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
