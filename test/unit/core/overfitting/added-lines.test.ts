import test from 'ava'
import { addedLines } from '../../../../src/engine/core/overfitting/index.ts'

const added = (before: string, after: string) => [...addedLines(before, after)]

test('added lines have the numbers of the new text', (t) => {
  t.deepEqual(added('a\nb\nc\n', 'a\nx\nb\nc\ny\n'), [2, 5])
  t.deepEqual(added('a\nb\nc\n', 'c\n'), [])
  t.deepEqual(added('', 'a\n\nb\n'), [1, 3])
})

test('a line that moved or that is only indented in another way is not added', (t) => {
  t.deepEqual(added('def f():\n    return g()\n', 'def f():\n    try:\n        return g()\n'), [2])
  t.deepEqual(added('a\nb\nc\nd\n', 'b\nc\nd\na\n'), [])
})
