import test from 'ava'
import { expectations } from '../../../../src/engine/core/verdict/expectations.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const BEFORE = `def test_a():
    assert one() == 1


def test_b():
    assert two() == 2
    assert two() > 0
`
const AFTER = BEFORE.replace('one() == 1', 'one() == 11').replace('two() == 2', 'two() == 22')

test('only the lines of tests that fail are told, by line, old and new', (t) => {
  t.deepEqual(expectations('t.py', bytes(BEFORE), bytes(AFTER), ['t.py::test_b']), [
    { path: 't.py', line: 6, before: 'assert two() == 2', after: 'assert two() == 22' },
  ])
})

test('where no line is of a test that fails, all changed lines are told', (t) => {
  t.deepEqual(
    expectations('t.py', bytes(BEFORE), bytes(AFTER), []).map(({ line }) => line),
    [2, 6],
  )
})

test('a test of JavaScript is known by its title, and lines of another number stand together', (t) => {
  const before = "test('adds', () => {\n  equal(add(1), 1)\n  equal(add(2), 2)\n})\n"
  const after = "test('adds', () => {\n  equal(add(1), 3)\n})\n"
  t.deepEqual(expectations('t.js', bytes(before), bytes(after), ['adds']), [
    { path: 't.js', line: 2, before: 'equal(add(1), 1) equal(add(2), 2)', after: 'equal(add(1), 3)' },
  ])
})

test('what is added asks for nothing else, and a file that is gone asks for nothing any more', (t) => {
  t.deepEqual(expectations('t.py', null, bytes(AFTER), []), [])
  t.deepEqual(expectations('t.py', bytes(BEFORE), bytes(`${BEFORE}\n\ndef test_c():\n    pass\n`), []), [])
  t.is(expectations('t.py', bytes(BEFORE), null, ['t.py::test_a']).length, 1)
})
