import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import type { TreeEdits } from '../model/change.ts'
import type { Oid } from '../model/oid.ts'
import type { Objects, RepositoryPaths } from '../ports/repository.ts'
import { type CatFile, missingObject } from './cat-file.ts'
import type { GitContext } from './git-context.ts'
import { nulEnded, parseRaw, parseTree } from './parse-output.ts'
import type { GitProgram } from './run-git.ts'
import type { TemporaryIndexes } from './temporary-indexes.ts'

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
  const { plain, cat, place, weigh } = gitContext
  // Without an index, attributes of the tree (drivers, -diff) do not influence how a patch looks.
  const noIndex = { env: { GIT_INDEX_FILE: gitContext.temp('no-index') } }
  const trees: Objects = {
    list: remembered(async (tree) => {
      await weigh(tree)
      return parseTree(await present(cat, [tree], plain.bytes(['ls-tree', '-r', '-z', '--full-tree', tree])))
    }),
    read: (blob, most) => cat.read(blob, 'blob', most),
    changes: async (from, to) => {
      await Promise.all([weigh(from), weigh(to)])
      const args = ['diff-tree', '-r', '--raw', '-z', '--no-renames', '--no-abbrev', from, to]
      return parseRaw(await present(cat, [from, to], plain.bytes(args)))
    },
    async lacking(tree) {
      const blobs = (await trees.list(tree)).filter(({ mode }) => mode !== '160000').map(({ oid }) => oid)
      const here = await Promise.all(blobs.map(async (oid) => (await cat.info(oid)) !== null))
      return blobs.filter((_, at) => !here[at])
    },
    patch: (from, to) =>
      present(cat, [from, to], plain.bytes([...PATCH, from, to], noIndex)).catch(async (cause: unknown) => {
        const sides = (await trees.changes(from, to)).flatMap(({ before, after }) => [before, after])
        for (const side of sides)
          if (side && side.mode !== '160000' && (await cat.info(side.oid)) === null)
            throw missingObject(side.oid, 'blob', null)
        throw cause
      }),
    async edit(tree, edits) {
      if (edits.size === 0) return tree
      const lines = await indexLines(gitContext, edits, zeroId(place))
      return temp.with(tree, async (git) => {
        await git.bytes(['update-index', '-z', '--index-info'], { input: lines })
        return git.text(['write-tree'])
      })
    },
  }
  return trees
}

/** Each run lists the files of its tree, and all runs of a session use only a few trees. */
const REMEMBERED = 8

/** A tree never changes, so its list is read once; the lists of the last few trees are kept. */
function remembered(read: Objects['list']): Objects['list'] {
  const lists = new Map<Oid, ReturnType<Objects['list']>>()
  return (tree) => {
    const list = lists.get(tree) ?? read(tree)
    lists.delete(tree)
    lists.set(tree, list)
    const [oldest] = lists.keys()
    if (lists.size > REMEMBERED && oldest !== undefined) lists.delete(oldest)
    list.catch(() => lists.delete(tree))
    return list
  }
}

/** Reports a failure of `work` as OBJECT_MISSING if one of these trees is not in this repository. */
async function present<T>(cat: CatFile, trees: readonly Oid[], work: Promise<T>): Promise<T> {
  return work.catch(async (cause: unknown) => {
    for (const tree of trees) if ((await cat.info(tree)) === null) throw missingObject(tree, 'tree', null)
    throw cause
  })
}

/** The id of all zeros, which means "no object". */
export function zeroId(place: Pick<RepositoryPaths, 'objectFormat'>): Oid {
  return '0'.repeat(place.objectFormat === 'sha1' ? 40 : 64)
}

/**
 * Input for `git update-index -z --index-info`: one line for each path. Removals come first, so that a directory can replace
 * a file.
 */
async function indexLines(gitContext: GitContext, edits: TreeEdits, nothing: Oid): Promise<Buffer> {
  const standing = [...edits].flatMap(([name, edit]) => (edit === null ? [] : [{ name, edit }]))
  const known = standing.flatMap(({ name, edit }) => ('oid' in edit ? [{ name, ...edit }] : []))
  const written = standing.flatMap(({ name, edit }) => ('bytes' in edit ? [{ name, edit }] : []))
  const removed = [...edits].filter(([, edit]) => edit === null).map(([name]) => name)
  const oids = await storeBlobs(
    gitContext.plain,
    gitContext.temp('blobs'),
    written.map(({ edit }) => edit.bytes),
  )
  return Buffer.concat([
    ...removed.map((name) => indexLine('0', nothing, name)),
    ...known.map(({ name, mode, oid }) => indexLine(mode, oid, name)),
    ...written.map(({ name, edit }, at) => indexLine(edit.mode, oids[at] ?? nothing, name)),
  ])
}

export function indexLine(mode: string, oid: Oid, name: string): Buffer {
  return Buffer.concat([Buffer.from(`${mode} ${oid}\t`), nulEnded([name])])
}

/** Stores blobs byte for byte with one process; `dir` is a fresh path for the files it reads. */
export async function storeBlobs(git: GitProgram, dir: string, blobs: readonly Uint8Array[]): Promise<readonly Oid[]> {
  if (blobs.length === 0) return []
  await fs.mkdir(dir, { mode: 0o700 })
  try {
    await Promise.all(blobs.map((bytes, at) => fs.writeFile(path.join(dir, String(at)), bytes)))
    const input = blobs.map((_, at) => `${at}\n`).join('')
    return (await git.text(['hash-object', '-w', '--no-filters', '--stdin-paths'], { cwd: dir, input })).split('\n')
  } finally {
    await fs.rm(dir, { recursive: true, force: true })
  }
}
