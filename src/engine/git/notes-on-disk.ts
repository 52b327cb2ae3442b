import { parseTreeObject, type ReadTreeObject } from '../core/gitobject/index.ts'
import { type NotesTree, notesTree } from '../core/notes-tree/index.ts'
import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import type { ObjectReading } from './git-context.ts'
import { idBytesOf } from './object-format.ts'

/** In bytes. Larger trees are not read as notes. */
const MAX_TREE = 64 << 20

/** `notesTree` over the objects of a repository. */
export function notesOnDisk(gitContext: Pick<ObjectReading, 'cat' | 'place'>): NotesTree {
  return notesTree(notesReader(gitContext))
}

/** Reads one tree of notes. */
export function notesReader({ cat, place }: Pick<ObjectReading, 'cat' | 'place'>): ReadTreeObject {
  return async (tree) => {
    const { size = 0 } = (await cat.info(tree)) ?? {}
    if (size > MAX_TREE)
      throw new PpError('MALFORMED', `the tree of notes ${tree} is larger than 64 MiB, so it is not read`)
    return parseTreeObject(tree, await cat.read(tree, 'tree'), idBytesOf(place))
  }
}

/** The tree of a ref or commit of notes; null where there is none. */
export async function rootOf({ names }: Pick<ObjectReading, 'names'>, notes: string): Promise<Oid | null> {
  return (await names.find(`${notes}^{tree}`))?.oid ?? null
}
