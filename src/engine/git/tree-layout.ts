import { createHash, type Hash } from 'node:crypto'
import { constants, type Dirent } from 'node:fs'
import * as fs from 'node:fs/promises'
import { pathOf } from '../core/gitobject/index.ts'
import type { TreeEntry } from '../model/change.ts'
import type { Oid } from '../model/oid.ts'
import type { GitContext } from './git-context.ts'
import { nulEnded } from './parse-output.ts'
import { lstatIfPresent, parentsOf, pathOnDisk, writeEdits } from './paths-on-disk.ts'
import type { TemporaryIndexes } from './temporary-indexes.ts'

/** What a checkout of a tree must contain: its files, and the directories that they need. */
export interface TreeLayout {
  readonly files: ReadonlyMap<string, TreeEntry>
  readonly directories: ReadonlySet<string>
}

export function layoutOf(entries: readonly TreeEntry[]): TreeLayout {
  const directories = new Set<string>()
  for (const { path } of entries) {
    for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1)) {
      const parent = path.slice(0, cut)
      if (directories.has(parent)) break
      directories.add(parent)
    }
  }
  return { files: new Map(entries.map((entry) => [entry.path, entry])), directories }
}

/** What must be at a path: a blob of the tree, bytes that git pp wrote later, or nothing. */
export type ExpectedFile = TreeEntry | { readonly sha256: string } | null

/**
 * A checkout to compare. If attributes convert files, `fresh` is a second checkout of them; if null, files are compared with
 * blobs.
 */
interface CheckoutToCompare {
  readonly dir: string
  readonly fresh: string | null
}

/** Calls `use` with a directory that contains a second checkout of `names` (regular files of `tree`). */
export async function withFreshCheckout<T>(
  gitContext: GitContext,
  temp: TemporaryIndexes,
  { tree, names }: { readonly tree: Oid; readonly names: readonly string[] },
  use: (fresh: string) => Promise<T>,
): Promise<T> {
  const fresh = gitContext.temp('fresh')
  await fs.mkdir(fresh, { mode: 0o700 })
  try {
    const input = nulEnded(names)
    const args = ['checkout-index', `--prefix=${fresh}/`, '-z', '--stdin']
    await temp.with(tree, (git) => git.bytes(args, { input }))
    return await use(fresh)
  } finally {
    await fs.rm(fresh, { recursive: true, force: true })
  }
}

/** Puts regular files of a tree back as they were checked out. */
export async function restoreFiles(
  gitContext: GitContext,
  temp: TemporaryIndexes,
  { tree, dir, layout }: { readonly tree: Oid; readonly dir: string; readonly layout: TreeLayout },
  names: readonly string[],
): Promise<void> {
  if (names.length === 0) return
  await withFreshCheckout(gitContext, temp, { tree, names }, async (fresh) => {
    for (const name of names) {
      const mode = layout.files.get(name)?.mode === '100755' ? '100755' : '100644'
      await writeEdits(dir, new Map([[name, { bytes: await fs.readFile(pathOnDisk(fresh, name)), mode }]]))
    }
  })
}

/** True if `name` still has the kind and bytes that were written. Compares lstat and content, never times. */
export async function isUntouched(
  gitContext: GitContext,
  { dir, fresh }: CheckoutToCompare,
  name: string,
  expected: ExpectedFile,
) {
  const parents = await parentsOf(dir, name)
  const full = pathOnDisk(dir, name)
  const stat = parents === 'sound' ? await lstatIfPresent(full) : null
  if (expected === null) return parents !== 'detour' && stat === null
  if (stat === null) return false
  if (!('mode' in expected)) return stat.isFile() && (await sha256(full)) === expected.sha256
  if (expected.mode === '160000') return stat.isDirectory()
  if (expected.mode === '120000') {
    if (!stat.isSymbolicLink()) return false
    const target = await fs.readlink(full, 'buffer')
    return blobHash(gitContext, target.length).update(target).digest('hex') === expected.oid
  }
  if (!stat.isFile()) return false
  if (fresh !== null) {
    const again = pathOnDisk(fresh, name)
    return (await fs.stat(again)).size === stat.size && (await sha256(again)) === (await sha256(full))
  }
  // The size of a large file is compared first, so that it may not have to be read.
  if (stat.size > LARGE && (await gitContext.cat.info(expected.oid))?.size !== stat.size) return false
  return (await digest(full, blobHash(gitContext, stat.size))) === expected.oid
}

/** A word for the content of a path, whatever is there. */
export async function digestAt(full: Buffer): Promise<string> {
  const stat = await lstatIfPresent(full)
  return stat?.isFile() ? sha256(full) : stat === null ? 'nothing' : `no file (${stat.mode.toString(8)})`
}

/** Whether regular files have the same bytes in two directories. */
export async function sameBytes(one: string, other: string, names: readonly string[]): Promise<boolean> {
  for (const name of names)
    if ((await sha256(pathOnDisk(one, name))) !== (await sha256(pathOnDisk(other, name)))) return false
  return true
}

/**
 * A stamp that changes with every change of a file: writing to it, or setting its mode or times, changes its ctime, and
 * nobody can set the ctime.
 */
export async function stampOf(full: Buffer): Promise<string> {
  const stat = await fs.lstat(full, { bigint: true }).catch(() => null)
  return stat === null ? 'nothing' : [stat.ino, stat.ctimeNs, stat.mtimeNs, stat.mode, stat.size].join(' ')
}

const LARGE = 64 * 1024 * 1024

function sha256(full: Buffer): Promise<string> {
  return digest(full, createHash('sha256'))
}

function blobHash(gitContext: GitContext, size: number): Hash {
  return createHash(gitContext.place.objectFormat).update(`blob ${size}\0`)
}

/** Follows no link, and does not wait for a pipe. */
async function digest(full: Buffer, hash: Hash): Promise<string> {
  const file = await fs.open(full, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    for await (const chunk of file.createReadStream({ autoClose: false })) hash.update(chunk)
    return hash.digest('hex')
  } finally {
    await file.close()
  }
}

/** The topmost paths below `top` that are neither in `layout` nor in `known`. */
export async function leftoversOf(
  top: string,
  layout: TreeLayout,
  known: ReadonlySet<string>,
): Promise<readonly string[]> {
  const found: string[] = []
  const expected = (name: string) =>
    layout.directories.has(name) || [...known].some((file) => file.startsWith(`${name}/`))
  const walk = async (under: string): Promise<void> => {
    for (const entry of await entriesOf(pathOnDisk(top, under === '' ? '.' : under))) {
      const name = under === '' ? pathOf(entry.name) : `${under}/${pathOf(entry.name)}`
      if (name === '.git' || layout.files.has(name) || known.has(name) || isWhiteout(entry)) continue
      if (entry.isDirectory() && expected(name)) await walk(name)
      else found.push(name)
    }
  }
  await walk('')
  return found.sort()
}

/** The mark of a removed path in what was written to a stacked tree; a command cannot make a device. */
export function isWhiteout(entry: Dirent<Buffer>): boolean {
  return entry.isCharacterDevice()
}

/** The names in a directory. An unreadable directory of the tree counts as empty; `touched` reports its files. */
async function entriesOf(dir: Buffer): Promise<readonly Dirent<Buffer>[]> {
  return fs.readdir(dir, { withFileTypes: true, encoding: 'buffer' }).catch(() => [])
}
