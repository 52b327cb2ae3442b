import test from 'ava'
import { hunksOf, piecesOf, withGroups } from '../../../../src/engine/core/minimise/hunks.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (content: Uint8Array | null): string | null =>
  content === null ? null : new TextDecoder().decode(content)
const lines = (change: Record<number, string> = {}): string =>
  Array.from({ length: 40 }, (_, n) => `${change[n] ?? n}\n`).join('')

const before = bytes(lines())
const after = bytes(lines({ 3: 'three', 5: 'five', 30: 'thirty' }))

test('changes that share context are one hunk of several line groups', (t) => {
  t.deepEqual(
    hunksOf(before, after).map((hunk) => hunk.groups.length),
    [2, 1],
  )
})

test('a hunk that is left out leaves the others in place', (t) => {
  const groups = hunksOf(before, after)[1]?.groups ?? []
  t.is(text(withGroups(before, after, new Set(groups))), lines({ 30: 'thirty' }))
})

test('the white space of a line group is a piece of its own', (t) => {
  const old = bytes('if x:\n    a = 1\n    b = 2\nend\n')
  const young = bytes('if x:\n  a  =  1\n    b = 3\n\nend\n')
  const [group] = hunksOf(old, young)[0]?.groups ?? []
  const pieces = group === undefined ? [] : piecesOf(old, group)
  t.deepEqual(
    pieces.map(({ at, blank }) => ({ at, blank })),
    [
      { at: 1, blank: true },
      { at: 2, blank: false },
      { at: 3, blank: true },
    ],
  )
  t.is(text(withGroups(old, young, new Set(pieces))), text(young))
  t.is(text(withGroups(old, young, new Set(pieces.slice(1)))), 'if x:\n    a = 1\n    b = 3\n\nend\n')
})

test('blank lines that a changed line brings along are a piece of their own', (t) => {
  const [old, young] = [bytes('a\nb\n'), bytes('\nA\n\n\nb\n')]
  const [group] = hunksOf(old, young)[0]?.groups ?? []
  const pieces = group === undefined ? [] : piecesOf(old, group)
  t.deepEqual(
    pieces.map(({ blank }) => blank),
    [true, false, true],
  )
  t.is(text(withGroups(old, young, new Set(pieces))), text(young))
  t.is(text(withGroups(old, young, new Set(pieces.filter(({ blank }) => !blank)))), 'A\nb\n')
})

test('a single line group can be kept', (t) => {
  const group = hunksOf(before, after)[0]?.groups[1]
  t.truthy(group)
  if (group !== undefined) t.is(text(withGroups(before, after, new Set([group]))), lines({ 5: 'five' }))
})

test('all groups give the change, none the original', (t) => {
  const all = hunksOf(before, after).flatMap((hunk) => hunk.groups)
  t.deepEqual(withGroups(before, after, new Set(all)), after)
  t.deepEqual(withGroups(before, after, new Set()), before)
})

test('a new file is there whole or not at all', (t) => {
  const groups = hunksOf(null, after).flatMap((hunk) => hunk.groups)
  t.is(groups.length, 1)
  t.deepEqual(withGroups(null, after, new Set(groups)), after)
  t.is(withGroups(null, after, new Set()), null)
})

test('a deleted file that is not deleted is the old one', (t) => {
  const groups = hunksOf(before, null).flatMap((hunk) => hunk.groups)
  t.is(withGroups(before, null, new Set(groups)), null)
  t.deepEqual(withGroups(before, null, new Set()), before)
})

test('equal contents have no hunks', (t) => {
  t.deepEqual(hunksOf(before, before), [])
})
