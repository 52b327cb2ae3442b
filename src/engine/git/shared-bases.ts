import { randomBytes } from 'node:crypto'
import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import type { Oid } from '../model/oid.ts'
import { BASE_SIZE, BASES_IN_USE } from '../model/shared-bases.ts'
import type { Layering } from '../ports/layering.ts'
import type { GitContext } from './git-context.ts'
import { nulEnded } from './parse-output.ts'
import { checkOutTree, type TreeContent } from './prepared-tree.ts'
import type { TemporaryIndexes } from './temporary-indexes.ts'
import { treeDifference } from './tree-difference.ts'
import { sameBytes, withFreshCheckout } from './tree-layout.ts'
import { verifyBase } from './verify-base.ts'

/** A checkout that sessions share as the lowest layer of their work trees. Nobody writes to it. */
export interface BaseCheckout {
  readonly about: TreeContent
  readonly dir: string
  /** An index of git with the stat data of the files. */
  readonly index: string
  /** Path → the stamp of a file whose content was compared; empty for a base that this session has made itself. */
  readonly stamps: ReadonlyMap<string, string>
}

/** Where bases are, and who uses them. */
export interface BaseStore {
  readonly layering: Layering
  /** A private directory that the sessions of a repository share. */
  readonly bases: string
  /** The private directory of this session. */
  readonly session: string
}

/** A tree that differs from a base in more paths gets a base of its own, or a checkout. */
export const MOST_CHANGED = 2_000
/** How many bases of other trees are tried, the newest first. */
const MOST_TRIED = 3

/**
 * A base for `about`: that of the tree itself, else one that differs in few paths, else a new one. A base that is not as its
 * tree says is put aside, and a fact says so.
 */
export async function openBase(
  gitContext: GitContext,
  temp: TemporaryIndexes,
  store: BaseStore,
  about: TreeContent,
  { read, tell }: { read(tree: Oid): Promise<TreeContent>; tell(fact: string): void },
): Promise<BaseCheckout> {
  await fs.mkdir(store.bases, { recursive: true, mode: 0o700 })
  for (const name of await candidates(store.bases, about.tree)) {
    const other = await read(treeIn(name)).catch(() => null)
    if (other === null || !isNear(other, about)) continue
    // Written before the base is looked at, so that no eviction removes what this session has found to be sound.
    await fs.appendFile(path.join(store.session, BASES_IN_USE), `${name}\n`)
    const base = await existing(gitContext, temp, store, name, other)
    if (base === 'gone') continue
    if (base !== 'changed') return base
    tell('a shared checkout in the cache had been changed, so it was not used')
    await fs.rename(path.join(store.bases, name), path.join(store.bases, `${name}~changed-${token()}`)).catch(() => {})
  }
  return made(gitContext, store, about)
}

function token(): string {
  return randomBytes(6).toString('hex')
}

/** Permissions depend on the umask, so bases of another umask are not used. */
function nameOf(tree: Oid): string {
  return `${tree}-${process.umask().toString(8)}`
}

function treeIn(name: string): Oid {
  return name.replace(/-.*$/, '')
}

async function candidates(bases: string, tree: Oid): Promise<readonly string[]> {
  const ending = nameOf('')
  const names = (await fs.readdir(bases)).filter(
    (name) => /^[0-9a-f]{40,64}-[0-7]+$/.test(name) && name.endsWith(ending),
  )
  const used = async (name: string) => (await fs.stat(path.join(bases, name)).catch(() => null))?.mtimeMs ?? 0
  const times = new Map(await Promise.all(names.map(async (name) => [name, await used(name)] as const)))
  const others = names.filter((name) => name !== nameOf(tree))
  others.sort((a, b) => (times.get(b) ?? 0) - (times.get(a) ?? 0))
  return [...names.filter((name) => name === nameOf(tree)), ...others.slice(0, MOST_TRIED)]
}

/** Whether a small layer makes one tree of the other. Where attributes differ, unchanged files may be converted differently. */
export function isNear(from: TreeContent, to: TreeContent): boolean {
  if (from.tree === to.tree) return true
  const { changed, gone } = treeDifference(from.layout, to.layout)
  return changed.length + gone.length <= MOST_CHANGED && ![...changed, ...gone].some(isAttributes)
}

function isAttributes(name: string): boolean {
  return path.posix.basename(name) === '.gitattributes'
}

async function existing(
  gitContext: GitContext,
  temp: TemporaryIndexes,
  store: BaseStore,
  name: string,
  about: TreeContent,
): Promise<BaseCheckout | 'gone' | 'changed'> {
  const home = path.join(store.bases, name)
  const facts = await fs.lstat(home).catch(() => null)
  if (facts === null) return 'gone'
  if (!facts.isDirectory() || facts.uid !== process.getuid?.() || (facts.mode & 0o077) !== 0) return 'changed'
  const [dir, index] = [path.join(home, 'tree'), path.join(home, 'index')]
  const verified = await throughStack(store, dir, about, gitContext, temp).catch(() => null)
  if (verified === null || !(await isIndexOf(gitContext, index, about))) return 'changed'
  const now = new Date()
  await fs.utimes(home, now, now)
  return { about, dir, index, stamps: verified }
}

/** The base is read as commands will see it, so that nothing on disk that has a meaning for the file system alone is missed. */
async function throughStack(
  { layering, session }: BaseStore,
  base: string,
  { tree, layout, attributes }: TreeContent,
  gitContext: GitContext,
  temp: TemporaryIndexes,
): Promise<ReadonlyMap<string, string> | null> {
  const place = path.join(session, `verified-${token()}`)
  const stack = await layering.stack(place, [base])
  try {
    const { dir } = stack
    const format = gitContext.place.objectFormat
    const found = await verifyBase({ dir, layout, format, umask: process.umask() })
    if (found === null || (found.differing.length > 0 && !attributes.convert)) return null
    if (found.differing.length === 0) return found.stamps
    const converted = await withFreshCheckout(gitContext, temp, { tree, names: found.differing }, (fresh) =>
      sameBytes(dir, fresh, found.differing),
    )
    return converted ? found.stamps : null
  } finally {
    stack.dispose()
    await fs.rm(place, { recursive: true, force: true })
  }
}

/** Compares ids, modes and flags. Wrong stat data only make git read a file again. */
async function isIndexOf({ plain }: GitContext, index: string, { entries }: TreeContent): Promise<boolean> {
  const { status, stdout } = await plain.run(['ls-files', '--stage', '-v', '-z'], { env: { GIT_INDEX_FILE: index } })
  let compared = 0
  for (let at = 0; at < entries.length; at += ROWS) {
    const rows = entries.slice(at, at + ROWS).map(({ mode, oid, path: name }) => `H ${mode} ${oid} 0\t${name}`)
    const expected = nulEnded(rows)
    if (!expected.equals(stdout.subarray(compared, compared + expected.length))) return false
    compared += expected.length
  }
  return status === 0 && compared === stdout.length
}

/** So many entries are spelled at once, because all of them together may take tens of megabytes. */
const ROWS = 1_000

/** Checks the tree out under a temporary name, and gives it its name when it is complete. */
async function made(gitContext: GitContext, { bases, session }: BaseStore, about: TreeContent): Promise<BaseCheckout> {
  const name = nameOf(about.tree)
  await fs.appendFile(path.join(session, BASES_IN_USE), `${name}\n`)
  const half = path.join(bases, `${name}~making-${path.basename(session)}-${token()}`)
  const dir = path.join(half, 'tree')
  await fs.mkdir(dir, { recursive: true, mode: 0o777 })
  await fs.chmod(half, 0o700)
  await checkOutTree(gitContext, about, dir, path.join(half, 'index'))
  await fs.writeFile(path.join(half, BASE_SIZE), String(about.bytes))
  const home = path.join(bases, name)
  // Another session may have been faster; then this one goes on with its own, which the next sweep removes.
  const here = await fs.rename(half, home).then(
    () => home,
    () => half,
  )
  if (here === half) await fs.appendFile(path.join(session, BASES_IN_USE), `${path.basename(half)}\n`)
  return { about, dir: path.join(here, 'tree'), index: path.join(here, 'index'), stamps: new Map() }
}
