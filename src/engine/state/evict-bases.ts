import { lstat, readdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { BASE_SIZE, BASES_IN_USE } from '../model/shared-bases.ts'
import { removeAside } from '../platform/index.ts'
import { basesDir } from './session-dir.ts'

/** Checkouts that were used last are kept within these limits, those that a session uses always. */
const MOST = 8
const MOST_BYTES = 4 * 2 ** 30
const OLDEST_MS = 30 * 24 * 3_600_000

interface StoredBase {
  readonly name: string
  readonly usedMs: number
  readonly bytes: number
}

export interface Eviction {
  /** The directory of a repository, and the names of its sessions in progress. */
  readonly repository: string
  readonly living: readonly string[]
  readonly now: number
  readonly dryRun: boolean
}

/**
 * Removes shared checkouts that are unfinished, refused, old or too many; returns their paths. A session writes down which one
 * it uses before it looks at it. Here, one is first renamed, and gets its name back if a session has written it down in the
 * meantime. So a session finds it whole or not at all, and a session that was killed locks nothing.
 */
export async function evictBases({ repository, living, now, dryRun }: Eviction): Promise<readonly string[]> {
  const bases = basesDir(repository)
  const gone: string[] = []
  for (const name of await superfluous(bases, living, now)) {
    if ((await inUse(repository, living)).has(plainName(name))) continue
    gone.push(join(bases, name))
    if (!dryRun) await evict(repository, name)
  }
  return gone
}

async function evict(repository: string, name: string): Promise<void> {
  const bases = basesDir(repository)
  const aside = join(bases, `${name}~evicted`)
  const moved = await rename(join(bases, name), aside).then(
    () => true,
    () => false,
  )
  if (!moved) return
  const sessions = await readdir(join(repository, 'sessions')).catch(() => [])
  if ((await inUse(repository, sessions)).has(plainName(name))) await rename(aside, join(bases, name)).catch(() => {})
  else await removeAside(aside, `${aside}~gone`)
}

/** A name without what marks an unfinished, refused or evicted checkout. */
function plainName(name: string): string {
  return name.replace(/~.*$/, '')
}

async function superfluous(bases: string, living: readonly string[], now: number): Promise<readonly string[]> {
  const names = await readdir(bases).catch(() => [])
  const marked = names.filter((name) => name.includes('~') && !living.some((id) => name.includes(`~making-${id}-`)))
  const plain = await Promise.all(names.filter((name) => !name.includes('~')).map((name) => storedBase(bases, name)))
  const newest = plain.filter((one) => one !== null).sort((a, b) => b.usedMs - a.usedMs)
  let bytes = 0
  const dropped = newest.filter((base, n) => {
    bytes += base.bytes
    return n >= MOST || (n > 0 && bytes > MOST_BYTES) || now - base.usedMs > OLDEST_MS
  })
  return [...marked, ...dropped.map(({ name }) => name)]
}

async function storedBase(bases: string, name: string): Promise<StoredBase | null> {
  const facts = await lstat(join(bases, name)).catch(() => null)
  const bytes = Number(await readFile(join(bases, name, BASE_SIZE), 'utf8').catch(() => '0'))
  return facts && { name, usedMs: facts.mtimeMs, bytes: Number.isFinite(bytes) ? bytes : 0 }
}

/** The checkouts that sessions wrote down, by their names. */
async function inUse(repository: string, sessions: readonly string[]): Promise<ReadonlySet<string>> {
  const lists = sessions.map((id) => readFile(join(repository, 'sessions', id, BASES_IN_USE), 'utf8').catch(() => ''))
  return new Set(
    (await Promise.all(lists))
      .flatMap((text) => text.split('\n'))
      .filter(Boolean)
      .map(plainName),
  )
}
