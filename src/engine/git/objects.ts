import { changesOfTrees, type EntryEdits, editedTree, filesOfTree } from '../core/gitobject/index.ts'
import { filesAfter } from '../core/gitpatch/index.ts'
import type { FileMode, TreeEdits, TreeEntry } from '../model/change.ts'
import type { Oid } from '../model/oid.ts'
import type { Objects } from '../ports/repository.ts'
import { type CatFile, missingObject } from './cat-file.ts'
import type { GitContext } from './git-context.ts'
import { zeroId } from './object-format.ts'
import { nulEnded } from './parse-output.ts'
import { isPlainPath } from './plain-path.ts'
import type { TemporaryIndexes } from './temporary-indexes.ts'

/** In directories; `weigh` accepts no deeper tree. */
const DEEPEST = 1024

/** Sets every option that could change the text of a patch: algorithm, context, prefixes, what counts as a function. */
const PATCH = [
  'diff-tree',
  '-r',
  '-p',
  '--full-index',
  '--binary',
  '--no-renames',
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
  '--no-relative',
  '--diff-algorithm=myers',
  '--indent-heuristic',
  '--unified=3',
  '--inter-hunk-context=0',
  '--submodule=short',
  '--ignore-submodules=none',
  '--src-prefix=a/',
  '--dst-prefix=b/',
]

export function objects(gitContext: GitContext, temp: TemporaryIndexes): Objects {
  const { plain, cat, place, weigh, tree: readTree } = gitContext
  // Without an index, attributes of the tree (drivers, -diff) do not influence how a patch looks.
  const noIndex = { env: { GIT_INDEX_FILE: gitContext.temp('no-index') } }
  let newest: { readonly tree: Oid; readonly files: readonly TreeEntry[] } | null = null
  const trees: Objects = {
    list: remembered(REMEMBERED_LISTS, async (tree: Oid) => {
      await weigh(tree)
      const last = newest
      const files =
        last === null
          ? await filesOfTree(readTree, tree, DEEPEST)
          : filesAfter(last.files, await changesOfTrees(readTree, last.tree, tree, DEEPEST))
      newest = { tree, files }
      return files
    }),
    read: (blob, most) => cat.read(blob, 'blob', most),
    changes: async (from, to) => {
      await Promise.all([weigh(from), weigh(to)])
      return changesOfTrees(readTree, from, to, DEEPEST)
    },
    async lacking(tree) {
      const blobs = (await trees.list(tree)).filter(({ mode }) => mode !== '160000').map(({ oid }) => oid)
      const here = await Promise.all(blobs.map(async (oid) => (await cat.info(oid)) !== null))
      return blobs.filter((_, at) => !here[at])
    },
    patch: remembered(REMEMBERED_PATCHES, (from: Oid, to: Oid) =>
      present(cat, [from, to], plain.bytes([...PATCH, from, to], noIndex)).catch(async (cause: unknown) => {
        const sides = (await trees.changes(from, to)).flatMap(({ before, after }) => [before, after])
        for (const side of sides)
          if (side && side.mode !== '160000' && (await cat.info(side.oid)) === null)
            throw missingObject(side.oid, 'blob', null)
        throw cause
      }),
    ),
    async edit(tree, edits) {
      if (edits.size === 0) return tree
      await weigh(tree)
      const entries = await storedEntries(gitContext, edits)
      if (![...edits.keys()].every(isPlainPath)) return editedByGit(temp, tree, entries, zeroId(place))
      const { root, trees: contents } = await editedTree(readTree, tree, entries)
      await gitContext.writer.write('tree', contents)
      return root
    },
  }
  return trees
}

/** Each run lists the files of its tree, and all runs of a session use only a few trees. */
const REMEMBERED_LISTS = 8
/** The patch of an attempt is read again for the record. */
const REMEMBERED_PATCHES = 2

/** Objects never change, so what is derived from them is computed once; the last few answers are kept. */
function remembered<T, Ids extends readonly Oid[]>(most: number, read: (...oids: Ids) => Promise<T>) {
  const known = new Map<string, Promise<T>>()
  return (...oids: Ids): Promise<T> => {
    const key = oids.join(' ')
    const found = known.get(key) ?? read(...oids)
    known.delete(key)
    known.set(key, found)
    const [oldest] = known.keys()
    if (known.size > most && oldest !== undefined) known.delete(oldest)
    found.catch(() => known.delete(key))
    return found
  }
}

/** Reports a failure of `work` as OBJECT_MISSING if one of these trees is not in this repository. */
async function present<T>(cat: CatFile, trees: readonly Oid[], work: Promise<T>): Promise<T> {
  return work.catch(async (cause: unknown) => {
    for (const tree of trees) if ((await cat.info(tree)) === null) throw missingObject(tree, 'tree', null)
    throw cause
  })
}

/** The same edits by the ids of their blobs, which are stored. */
async function storedEntries({ writer }: GitContext, edits: TreeEdits): Promise<EntryEdits> {
  const written = [...edits].flatMap(([name, edit]) => (edit !== null && 'bytes' in edit ? [{ name, edit }] : []))
  const oids = await writer.write(
    'blob',
    written.map(({ edit }) => edit.bytes),
  )
  const entries = new Map<string, { readonly mode: FileMode; readonly oid: Oid } | null>()
  for (const [name, edit] of edits) if (edit === null || 'oid' in edit) entries.set(name, edit)
  for (const [at, { name, edit }] of written.entries()) entries.set(name, { mode: edit.mode, oid: oids[at] ?? '' })
  return entries
}

/** Git refuses some paths. Removals come first, so that a directory can replace a file. */
function editedByGit(temp: TemporaryIndexes, tree: Oid, entries: EntryEdits, none: Oid): Promise<Oid> {
  const all = [...entries].sort(([, a], [, b]) => Number(a !== null) - Number(b !== null))
  const lines = all.map(([name, entry]) => indexLine(entry?.mode ?? '0', entry?.oid ?? none, name))
  return temp.with(tree, async (git) => {
    await git.bytes(['update-index', '-z', '--index-info'], { input: Buffer.concat(lines) })
    return git.text(['write-tree'])
  })
}

export function indexLine(mode: string, oid: Oid, name: string): Buffer {
  return Buffer.concat([Buffer.from(`${mode} ${oid}\t`), nulEnded([name])])
}
