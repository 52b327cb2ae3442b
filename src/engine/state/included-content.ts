import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { IncludedDependency } from '../ports/workspace.ts'

/** What was beside the tree while commands ran, as environment.json records it. */
export interface IncludedContent {
  readonly path: string
  readonly directory: boolean
  /** The number of files, including symlinks; `complete` false: at least this many. */
  readonly files: number
  readonly complete: boolean
  /** sha256 over one line for each file, sorted by path: kind, size, name, and the content if `covers` says so. */
  readonly digest: string
  readonly covers: 'contents' | 'names and sizes'
}

/**
 * The largest number of entries to look at, and of files and bytes to read of an include: a session must not wait for its
 * node_modules.
 */
const MOST_ENTRIES = 50_000
const MOST_READ = { files: 1_000, bytes: 16 << 20 }

interface IncludedEntry {
  readonly path: string
  readonly kind: 'file' | 'link' | 'other'
  readonly size: number
}

export async function describeIncluded({ path, source, directory }: IncludedDependency): Promise<IncludedContent> {
  const entries: IncludedEntry[] = []
  const complete = directory ? await list(source, '', entries) : await look(source, '', entries)
  const bytes = entries.reduce((sum, { size }) => sum + size, 0)
  const read = complete && entries.length <= MOST_READ.files && bytes <= MOST_READ.bytes
  const hash = createHash('sha256')
  for (const entry of entries) {
    hash.update(`${entry.kind} ${entry.size} ${JSON.stringify(entry.path)}\n`)
    if (read) await addContent(hash, join(source, entry.path), entry.kind)
  }
  const covers = read ? 'contents' : 'names and sizes'
  return { path, directory, files: entries.length, complete, digest: hash.digest('hex'), covers }
}

/** Lists all files below, sorted; false if there are more than the limit. */
async function list(top: string, under: string, entries: IncludedEntry[]): Promise<boolean> {
  const found = await readdir(join(top, under), { withFileTypes: true }).catch(() => [])
  for (const entry of found.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entries.length >= MOST_ENTRIES) return false
    const path = join(under, entry.name)
    const whole = entry.isDirectory() ? await list(top, path, entries) : await look(top, path, entries)
    if (!whole) return false
  }
  return true
}

async function look(top: string, path: string, entries: IncludedEntry[]): Promise<true> {
  const facts = await lstat(join(top, path)).catch(() => null)
  const kind = facts?.isFile() ? 'file' : facts?.isSymbolicLink() ? 'link' : 'other'
  entries.push({ path, kind, size: facts?.size ?? 0 })
  return true
}

/** Another program may be changing the file; if it cannot be read any more, it adds nothing. */
async function addContent(hash: Hash, full: string, kind: IncludedEntry['kind']): Promise<void> {
  if (kind === 'link') hash.update(await readlink(full).catch(() => ''))
  if (kind !== 'file') return
  try {
    for await (const chunk of createReadStream(full)) hash.update(chunk)
  } catch {
    hash.update('unreadable\n')
  }
}
