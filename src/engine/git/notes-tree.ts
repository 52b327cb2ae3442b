import * as fs from 'node:fs/promises'
import type { Oid } from '../model/oid.ts'
import type { NoteEdits } from '../ports/repository.ts'
import { failed } from './exec.ts'
import type { Ground } from './ground.ts'
import { type Ident, identEnv } from './ident.ts'
import { indexLine, storeBlobs, zero } from './objects.ts'
import { parseTree } from './parse.ts'

/** Where a note stands in its tree; git spreads many notes over directories of two digits, and reads any mixture. */
export interface NoteEntry {
  readonly path: string
  readonly blob: Oid
}

/** What a commit of notes says in `git log --all`, where it stands beside commits of people. */
const SUBJECT = 'git pp: proofs of commits, kept as notes'

/** Notes trees of real repositories are two or three levels deep: 256^3 notes. */
const LEVELS = 4

/** Entries of one object; several where writers disagreed about the spread. `root`: a ref or commit of notes. */
export async function entriesOf(ground: Ground, root: string, object: Oid): Promise<readonly NoteEntry[]> {
  const paths = Array.from({ length: LEVELS }, (_, depth) => spread(object, depth))
  return (await list(ground, [root, ...paths])).map(({ path, oid }) => ({ path, blob: oid }))
}

/** Every note: annotated object → its entries. What is no note in the tree is left out. */
export async function everyEntry(ground: Ground, root: string): Promise<ReadonlyMap<Oid, readonly NoteEntry[]>> {
  const digits = zero(ground.place).length
  const notes = new Map<Oid, NoteEntry[]>()
  for (const { path, oid: blob } of await list(ground, ['-r', root])) {
    const object = path.replaceAll('/', '')
    if (object.length !== digits || !/^[0-9a-f]+$/.test(object)) continue
    notes.set(object, [...(notes.get(object) ?? []), { path, blob }])
  }
  return notes
}

async function list(ground: Ground, args: readonly string[]) {
  const ran = await ground.user.run(['ls-tree', '-z', '--full-tree', ...args])
  if (ran.status !== 0) throw failed(['ls-tree'], ran)
  return parseTree(ran.stdout).filter(({ mode }) => mode === '100644')
}

/** `spread('abcdef…', 1)` is `ab/cdef…`. */
function spread(object: Oid, depth: number): string {
  const parts = Array.from({ length: depth }, (_, at) => object.slice(at * 2, at * 2 + 2))
  return [...parts, object.slice(depth * 2)].join('/')
}

/** See `Notes.commit`. A note of several entries becomes one. */
export async function commitNotes(
  ground: Ground,
  ident: Ident,
  tip: Oid | null,
  edits: NoteEdits,
  past: 'kept' | 'dropped',
): Promise<Oid> {
  const known = tip === null ? new Map<Oid, readonly NoteEntry[]>() : await everyEntry(ground, tip)
  const [sample] = known.values()
  const depth = (sample?.[0]?.path.split('/').length ?? 1) - 1
  const written = [...edits].flatMap(([object, bytes]) => (bytes === null ? [] : [{ object, bytes }]))
  const blobs = await storeBlobs(
    ground.plain,
    ground.temp('notes'),
    written.map(({ bytes }) => bytes),
  )
  const gone = [...edits.keys()].flatMap((object) => known.get(object) ?? [])
  const lines = [
    ...gone.map(({ path }) => indexLine('0', zero(ground.place), path)),
    ...written.map(({ object }, at) => indexLine('100644', blobs[at] ?? '', spread(object, depth))),
  ]
  const tree = await edited(ground, tip, Buffer.concat(lines))
  return commitOfNotes(ground, ident, tree, past === 'dropped' ? null : tip)
}

/** A commit of a tree of notes on top of `tip`; null: of none. */
export function commitOfNotes(ground: Ground, ident: Ident, tree: string, tip: Oid | null): Promise<Oid> {
  const parents = tip === null ? [] : ['-p', tip]
  return ground.plain.text(['commit-tree', ...parents, '-m', SUBJECT, tree], { env: identEnv(ident) })
}

async function edited(ground: Ground, tip: Oid | null, lines: Uint8Array): Promise<Oid> {
  const index = ground.temp('notes-index')
  const git = ground.plain.with({ env: { GIT_INDEX_FILE: index } })
  try {
    if (tip !== null) await git.bytes(['read-tree', tip])
    await git.bytes(['update-index', '-z', '--index-info'], { input: lines })
    return await git.text(['write-tree'])
  } finally {
    await fs.rm(index, { force: true })
  }
}
