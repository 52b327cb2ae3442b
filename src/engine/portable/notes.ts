import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import type { NoteChoice, Notes } from '../ports/repository.ts'
import type { Store } from './objects.ts'
import type { PortableRefs } from './refs.ts'

/** Nothing larger is read as a note; bytes. */
const MAX_NOTE = 16 << 20
/** Notes trees of real repositories are two or three levels deep: 256^3 notes. */
const LEVELS = 4

/**
 * Notes out of their tree, which git spreads over directories of two digits as it grows: a note may stand at any depth,
 * and at several where writers disagreed. By hand, because isomorphic-git only knows the flat form.
 */
export function notes(objects: Store, refs: PortableRefs): Pick<Notes, 'read' | 'all' | 'list' | 'each'> {
  const rootOf = async (ref: string): Promise<Oid | null> => {
    const tip = ref.startsWith('refs/') ? await refs.read(ref) : ref
    return tip === null ? null : (await objects.commit(tip)).tree
  }
  const entriesOf = async (tree: Oid, rest: string, level: number): Promise<Oid[]> => {
    const entries = (await objects.tree(tree)).map(({ name, mode, oid }) => ({
      name: name.toString('latin1'),
      mode,
      oid,
    }))
    const below =
      level < LEVELS - 1 ? entries.filter(({ name, mode }) => mode === '040000' && name === rest.slice(0, 2)) : []
    const deeper = await Promise.all(below.map(({ oid }) => entriesOf(oid, rest.slice(2), level + 1)))
    const here = entries.filter(({ name, mode }) => mode === '100644' && name === rest)
    return [...deeper.flat(), ...here.map(({ oid }) => oid)]
  }
  const every = async (ref: string): Promise<ReadonlyMap<Oid, readonly Oid[]>> => {
    const root = await rootOf(ref)
    const found = new Map<Oid, Oid[]>()
    for (const { path, mode, oid } of root === null ? [] : await objects.list(root)) {
      const object = path.replaceAll('/', '')
      if (mode === '100644' && /^[0-9a-f]{40}$/.test(object)) found.set(object, [...(found.get(object) ?? []), oid])
    }
    return found
  }
  /** Null where it is too large. */
  const noteOf = async (blobs: readonly Oid[]): Promise<Uint8Array | null> => {
    const sizes = await Promise.all(blobs.map((blob) => objects.size(blob)))
    if (sizes.reduce((sum, size) => sum + size, 0) > MAX_NOTE) return null
    return joined(await Promise.all(blobs.map((blob) => objects.read(blob))))
  }
  async function* each(ref: string, { only, unlike }: NoteChoice = {}): AsyncGenerator<readonly [Oid, Uint8Array]> {
    const known = unlike === undefined ? null : await every(unlike)
    for (const [object, blobs] of await every(ref)) {
      if (only?.has(object) === false || known?.get(object)?.join() === blobs.join()) continue
      const note = await noteOf(blobs)
      if (note !== null) yield [object, note]
    }
  }
  return {
    async read(ref, commit) {
      const root = await rootOf(ref)
      const blobs = root === null ? [] : await entriesOf(root, commit, 0)
      if (blobs.length === 0) return null
      const note = await noteOf(blobs)
      if (note !== null) return note
      throw new PpError('MALFORMED', `the note of ${commit} in ${ref} is larger than ${MAX_NOTE} bytes; it is not read`)
    },
    async all(ref) {
      const found = new Map<Oid, Uint8Array>()
      for await (const [object, note] of each(ref)) found.set(object, note)
      return found
    },
    each,
    list: async (ref) => [...(await every(ref)).keys()],
  }
}

/** Every part ends its last line. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [first, ...others] = parts
  if (first && others.length === 0) return first
  return Buffer.concat(parts.flatMap((part) => [part, Buffer.from(part.length > 0 && part.at(-1) !== 10 ? '\n' : '')]))
}
