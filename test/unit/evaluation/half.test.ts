import test from 'ava'
import { groupsOf, HALVES, halved, withGroups } from '../../../evaluation/real/half.ts'

const BEFORE = 'a\nb\nc\nd\ne\n'
const AFTER = 'a\nB\nc\nd\nx\ne\n'

test('all groups together give the new text, none the old one', (t) => {
  for (const [before, after] of [
    [BEFORE, AFTER],
    ['', 'new\nfile\n'],
    ['gone\n', ''],
    ['a\nb\n', 'b\nc\n'],
    ['no newline', 'no newline\nmore'],
  ] as const) {
    t.is(withGroups(before, groupsOf(before, after)), after)
    t.is(withGroups(before, []), before)
  }
})

test('every second group stays, counted over all files', (t) => {
  const files = [
    { path: 'one', before: BEFORE, after: AFTER },
    { path: 'two', before: 'p\n', after: 'q\n' },
  ]
  t.deepEqual(
    [...halved(files, 'even')],
    [
      ['one', 'a\nB\nc\nd\ne\n'],
      ['two', 'q\n'],
    ],
  )
  t.deepEqual(
    [...halved(files, 'odd')],
    [
      ['one', 'a\nb\nc\nd\nx\ne\n'],
      ['two', 'p\n'],
    ],
  )
})

test('of a single group nothing stays', (t) => {
  for (const which of HALVES)
    t.deepEqual([...halved([{ path: 'one', before: 'a\n', after: 'b\n' }], which)], [['one', 'a\n']])
})
