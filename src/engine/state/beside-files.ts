import { createHash } from 'node:crypto'
import { createReadStream, lstatSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

/** In files: with more, nobody is told what changed. */
const MOST_FILES = 300_000
/** Folders that tools fill while tests run. What is added to them is no change of a dependency; what changes in them is. */
const CACHES = new Set(['__pycache__', '.cache', '.vite', '.vitest', '.pytest_cache', '.mypy_cache'])

/** What stands beside the tree: path → what lstat(2) says of it, and for a link where it leads. */
export type BesideFiles = Readonly<Record<string, string>>

/** These files of a work tree, and every file below these directories; null: there are too many. */
export function listBeside(top: string, paths: readonly string[]): BesideFiles | null {
  const found: Record<string, string> = {}
  let left = MOST_FILES
  const waiting = [...paths]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const full = join(top, path)
    const facts = lstatSync(full, { bigint: true, throwIfNoEntry: false })
    if (facts === undefined) continue
    // A directory itself may stand elsewhere; links below it are not followed.
    const isTop = paths.includes(path)
    if (facts.isDirectory() || isTop) for (const name of namesIn(full)) waiting.push(`${path}/${name}`)
    if (!facts.isDirectory()) {
      if (--left < 0) return null
      const to = facts.isSymbolicLink() ? ` ${readlinkSync(full)}` : ''
      found[path] = `${facts.size} ${facts.ino} ${facts.mtimeNs} ${facts.ctimeNs} ${facts.mode}${to}`
    }
  }
  return found
}

function namesIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir)
  } catch {
    return []
  }
}

/** The contents of files, as digests; those that changed since they were listed are left out. */
export async function digestBeside(top: string, listed: BesideFiles): Promise<Readonly<Record<string, string>>> {
  const digests: Record<string, string> = {}
  for (const [path, facts] of Object.entries(listed)) {
    const digest = await digestOf(join(top, path))
    if (digest !== null && listBesideOne(top, path) === facts) digests[path] = digest
  }
  return digests
}

function listBesideOne(top: string, path: string): string | null {
  const facts = lstatSync(join(top, path), { bigint: true, throwIfNoEntry: false })
  if (facts === undefined || !facts.isFile()) return null
  return `${facts.size} ${facts.ino} ${facts.mtimeNs} ${facts.ctimeNs} ${facts.mode}`
}

async function digestOf(file: string): Promise<string | null> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(file), hash)
    return hash.digest('hex')
  } catch {
    return null
  }
}

/**
 * The files that changed, or that were added or removed, between two lists. A file with the content of `digests` did not change,
 * whatever lstat says.
 */
export async function changedBeside(
  top: string,
  before: BesideFiles,
  after: BesideFiles,
  digests: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const changed: string[] = []
  for (const [path, facts] of Object.entries(after)) {
    const old = before[path]
    if (old === facts || (old === undefined && path.split('/').some((part) => CACHES.has(part)))) continue
    const known = digests[path]
    const same = old !== undefined && known !== undefined && (await digestOf(join(top, path))) === known
    if (!same) changed.push(path)
  }
  return [...changed, ...Object.keys(before).filter((path) => after[path] === undefined)].sort()
}

/** The times of the first two levels of directories, as one text: enough to notice that something was installed. */
export function timesBeside(top: string, directories: readonly string[]): string {
  const hash = createHash('sha256')
  for (const directory of directories)
    for (const path of [directory, ...namesIn(join(top, directory)).map((name) => `${directory}/${name}`)]) {
      const facts = lstatSync(join(top, path), { bigint: true, throwIfNoEntry: false })
      if (facts !== undefined) hash.update(`${path} ${facts.mtimeNs} ${facts.ctimeNs}\n`)
    }
  return hash.digest('hex')
}
