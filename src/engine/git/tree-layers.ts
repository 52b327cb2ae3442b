import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import type { Oid } from '../model/oid.ts'
import type { CatFile } from './cat-file.ts'
import type { GitContext } from './git-context.ts'
import { nulEnded } from './parse-output.ts'
import { pathOnDisk } from './paths-on-disk.ts'
import { isPlainPath } from './plain-path.ts'
import type { TreeContent } from './prepared-tree.ts'
import { type BaseCheckout, type BaseStore, isNear, openBase } from './shared-bases.ts'
import type { TemporaryIndexes } from './temporary-indexes.ts'
import { treeDifference } from './tree-difference.ts'

/** The directories that make up a tree, the uppermost first, and what has to be removed when they are stacked. */
export interface TreeLayers {
  readonly layers: readonly string[]
  readonly gone: readonly string[]
  /** An index of git for the tree. */
  readonly index: string
  /** The directory among `layers` that holds a path of the tree. */
  layerOf(name: string): string
  /** The stamp of a file whose content was compared; undefined: this session itself has written the file. */
  stamp(name: string): string | undefined
}

/** Finds layers for trees. All trees of a session share the base of its first one. */
export interface LayersOfTrees {
  /** Null: the tree has submodules, or differs from the base in too many paths, so it needs a checkout. */
  of(about: TreeContent): Promise<TreeLayers | null>
}

export function layersOfTrees(
  gitContext: GitContext,
  temp: TemporaryIndexes,
  store: BaseStore,
  asked: Parameters<typeof openBase>[4],
): LayersOfTrees {
  const known = new Map<Oid, Promise<TreeLayers | null>>()
  let base: Promise<BaseCheckout> | undefined
  const layers = async (about: TreeContent) => {
    if (about.entries.some(({ mode }) => mode === '160000')) return null
    base ??= openBase(gitContext, temp, store, about, asked)
    const found = await base
    if (found.about.tree === about.tree) return wholeBase(found)
    return isNear(found.about, about) ? withDelta(gitContext, store, found, about) : null
  }
  return {
    of(about) {
      const found = known.get(about.tree) ?? layers(about)
      known.set(about.tree, found)
      return found
    },
  }
}

function wholeBase({ dir, index, stamps }: BaseCheckout): TreeLayers {
  return { layers: [dir], gone: [], index, layerOf: () => dir, stamp: (name) => stamps.get(name) }
}

/** A layer with the files in which a tree differs from the base, in the private directory of the session. */
async function withDelta(
  { plain, cat }: GitContext,
  { session }: BaseStore,
  base: BaseCheckout,
  about: TreeContent,
): Promise<TreeLayers> {
  const { changed, gone } = treeDifference(base.about.layout, about.layout)
  const home = path.join(session, 'deltas', about.tree)
  const [dir, index] = [path.join(home, 'files'), path.join(home, 'index')]
  await fs.mkdir(dir, { recursive: true })
  await fs.chmod(home, 0o700)
  await fs.copyFile(base.index, index)
  const git = plain.with({ env: { GIT_INDEX_FILE: index } })
  // Entries of unchanged files keep their stat data.
  await git.bytes(['read-tree', '-i', '-m', base.about.tree, about.tree])
  const written = await writtenPlainly(cat, about, changed, dir)
  if (!written && changed.length > 0)
    await git.bytes(['checkout-index', `--prefix=${dir}/`, '-z', '--stdin'], { input: nulEnded(changed) })
  const own = new Set(changed)
  return {
    layers: [dir, base.dir],
    // What is a directory now, or below a file now, is covered by the layer.
    gone: gone.filter((name) => !about.layout.directories.has(name)),
    index,
    layerOf: (name) => (own.has(name) ? dir : base.dir),
    stamp: (name) => (own.has(name) ? undefined : base.stamps.get(name)),
  }
}

/** A file with more bytes is left to git, which needs less memory for it. */
const LARGE = 8 * 1024 * 1024
const FEW = 100

/** Writes these files without git, if they are few, small, and on disk what their blobs are; else false. */
async function writtenPlainly(
  cat: CatFile,
  { attributes, layout }: TreeContent,
  names: readonly string[],
  dir: string,
): Promise<boolean> {
  if (attributes.convert || attributes.filtered.size > 0 || names.length > FEW) return false
  const entries = names.flatMap((name) => layout.files.get(name) ?? [])
  const headers = await Promise.all(entries.map(({ oid }) => cat.info(oid)))
  const isPlain = entries.every(({ mode, path: name }) => mode.startsWith('100') && isPlainPath(name))
  if (!isPlain || !headers.every((header) => header !== null && header.size <= LARGE)) return false
  for (const { path: name, mode, oid } of entries) {
    await fs.mkdir(pathOnDisk(dir, path.posix.dirname(name)), { recursive: true })
    const full = pathOnDisk(dir, name)
    await fs.writeFile(full, await cat.read(oid, 'blob'), { flag: 'wx', mode: mode === '100755' ? 0o777 : 0o666 })
  }
  return true
}
