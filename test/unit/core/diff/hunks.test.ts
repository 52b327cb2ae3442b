import test from 'ava'
import { hunksOf, withGroups, withoutHunks } from '../../../../src/engine/core/diff/hunks.ts'

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
  const hunks = hunksOf(before, after)
  const [first] = hunks
  t.truthy(first)
  if (first !== undefined) t.is(text(withoutHunks(before, after, new Set([first]), hunks)), lines({ 30: 'thirty' }))
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
