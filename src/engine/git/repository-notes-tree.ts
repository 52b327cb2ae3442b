import * as fs from 'node:fs/promises'
import { parseTreeObject } from '../core/gitobject/index.ts'
import { type NoteEntry, type NotesTree, notesTree } from '../core/notes-tree/index.ts'
import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import type { NoteEdits } from '../ports/repository.ts'
import type { GitContext } from './git-context.ts'
import { type GitIdentity, identEnv } from './identity.ts'
import { indexLine, storeBlobs, zeroId } from './objects.ts'
import { idBytesOf } from './tree-size.ts'

/** In bytes. Larger trees are not read as notes. */
const MAX_TREE = 64 << 20

/** `notesTree` over the objects of a repository. */
export function notesOnDisk({ cat, place }: Pick<GitContext, 'cat' | 'place'>): NotesTree {
  return notesTree(async (tree) => {
    const { size = 0 } = (await cat.info(tree)) ?? {}
    if (size > MAX_TREE)
      throw new PpError('MALFORMED', `the tree of notes ${tree} is larger than 64 MiB, so it is not read`)
    return parseTreeObject(tree, await cat.read(tree, 'tree'), idBytesOf(place))
  })
}

/** The subject of commits of notes; `git log --all` shows them between commits of people. */
const SUBJECT = 'git pp: proofs of commits, kept as notes'

/** The tree of a ref or commit of notes; null where there is none. */
export async function rootOf(gitContext: GitContext, notes: string): Promise<Oid | null> {
  const asked = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${notes}^{tree}`]
  const ran = await gitContext.user.run(asked)
  return ran.status === 0 ? ran.stdout.toString('utf8').trim() : null
}

/** `spread('abcdef…', 1)` is `ab/cdef…`. */
function spread(object: Oid, depth: number): string {
  const parts = Array.from({ length: depth }, (_, at) => object.slice(at * 2, at * 2 + 2))
  return [...parts, object.slice(depth * 2)].join('/')
}

/** Implements `Notes.commit`. A note with several entries becomes one entry. */
export async function commitNotes(
  gitContext: GitContext,
  ident: GitIdentity,
  tip: Oid | null,
  edits: NoteEdits,
  past: 'kept' | 'dropped',
): Promise<Oid> {
  const root = tip === null ? null : await rootOf(gitContext, tip)
  const known =
    root === null ? new Map<Oid, readonly NoteEntry[]>() : await notesOnDisk(gitContext).everyEntry(root, tip ?? '')
  const [sample] = known.values()
  const depth = (sample?.[0]?.path.split('/').length ?? 1) - 1
  const written = [...edits].flatMap(([object, bytes]) => (bytes === null ? [] : [{ object, bytes }]))
  const blobs = await storeBlobs(
    gitContext.plain,
    gitContext.temp('notes'),
    written.map(({ bytes }) => bytes),
  )
  const gone = [...edits.keys()].flatMap((object) => known.get(object) ?? [])
  const lines = [
    ...gone.map(({ path }) => indexLine('0', zeroId(gitContext.place), path)),
    ...written.map(({ object }, at) => indexLine('100644', blobs[at] ?? '', spread(object, depth))),
  ]
  const tree = await edited(gitContext, root, Buffer.concat(lines))
  return commitOfNotes(gitContext, ident, tree, past === 'dropped' ? null : tip)
}

/** A commit with a tree of notes on top of `tip`; null: without a parent. */
export function commitOfNotes(gitContext: GitContext, ident: GitIdentity, tree: string, tip: Oid | null): Promise<Oid> {
  const parents = tip === null ? [] : ['-p', tip]
  return gitContext.plain.text(['commit-tree', ...parents, '-m', SUBJECT, tree], { env: identEnv(ident) })
}

async function edited(gitContext: GitContext, root: Oid | null, lines: Uint8Array): Promise<Oid> {
  const index = gitContext.temp('notes-index')
  const git = gitContext.plain.with({ env: { GIT_INDEX_FILE: index } })
  try {
    if (root !== null) {
      // Entries that are not notes are kept in the index, too.
      await gitContext.weigh(root)
      await git.bytes(['read-tree', root])
    }
    await git.bytes(['update-index', '-z', '--index-info'], { input: lines })
    return await git.text(['write-tree'])
  } finally {
    await fs.rm(index, { force: true })
  }
}
