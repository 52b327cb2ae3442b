import test from 'ava'
import type { TreeObjectEntry } from '../../../../src/engine/core/gitobject/tree-object.ts'
import { notesTree, repetitionLimit } from '../../../../src/engine/core/notes-tree/notes-tree.ts'

const id = (start: string) => start.padEnd(40, '0')
const BLOB = id('b10b')

/** Trees by id: name → mode and what it holds. */
function reading(trees: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  let reads = 0
  const read = async (tree: string): Promise<TreeObjectEntry[]> => {
    reads++
    return Object.entries(trees[tree] ?? {}).map(([name, oid]) => {
      const mode = oid in trees ? '040000' : '100644'
      return { name: Buffer.from(name, 'latin1'), mode, oid }
    })
  }
  return { ...notesTree(read), reads: () => reads }
}

test('notes are found at any depth, those of one object the deepest first', async (t) => {
  const object = `abcd${'e'.repeat(36)}`
  const deep = id('d')
  const { everyEntry, entriesOf } = reading({
    root: {},
    [id('1')]: { [object]: id('f1'), ab: id('2'), README: id('f9') },
    [id('2')]: { [object.slice(2)]: id('f2'), cd: deep },
    [deep]: { [object.slice(4)]: id('f3') },
  })
  const entries = [
    { path: `ab/cd/${object.slice(4)}`, blob: id('f3') },
    { path: `ab/${object.slice(2)}`, blob: id('f2') },
    { path: object, blob: id('f1') },
  ]
  t.deepEqual([...(await everyEntry(id('1'), 'notes'))], [[object, entries]])
  t.deepEqual(await entriesOf(id('1'), object), entries)
  t.deepEqual(await entriesOf(id('1'), 'c'.repeat(40)), [])
})

test('trees that hold each other many times over are no notes, and each is read once at most', async (t) => {
  const names = Array.from({ length: 256 }, (_, n) => n.toString(16).padStart(2, '0'))
  const tree = (level: number) => id(`a${level.toString(16)}`)
  const levels = Array.from({ length: 20 }, (_, level) => [
    tree(level),
    Object.fromEntries(names.map((name) => [name, level === 0 ? BLOB : tree(level - 1)])),
  ])
  const { everyEntry, reads } = reading(Object.fromEntries(levels))
  await t.throwsAsync(everyEntry(tree(19), 'refs/notes/pp/index'), {
    code: 'MALFORMED',
    message: /refs\/notes\/pp\/index is not a valid tree of notes.*twice/,
  })
  t.is(reads(), 1)
})

test('what is no note is not walked along', async (t) => {
  const loop = id('c')
  const { everyEntry, reads } = reading({ [loop]: { d: loop, zz: loop, abc: loop } })
  t.is((await everyEntry(loop, 'notes')).size, 0)
  t.is(reads(), 1)
})

test('one note on a few commits is honest, a large one on very many is not', (t) => {
  const count = repetitionLimit('refs/notes/pp/index')
  for (let n = 0; n < 5; n++) count([{ path: 'a', blob: BLOB }], 16 << 20)
  t.throws(() => count([{ path: 'b', blob: BLOB }], 16 << 20), { message: /same large notes/ })
  const small = repetitionLimit('refs/notes/pp/index')
  t.notThrows(() => {
    for (let n = 0; n < 10_000; n++) small([{ path: 'a', blob: BLOB }], 300)
  })
})
