import test from 'ava'
import {
  assertedValues,
  holdsValue,
  valuesIn,
  valuesOfTestsAlone,
} from '../../../../src/engine/core/search/asserted-values.ts'

const sorted = (values: ReadonlySet<string>) => [...values].sort()

test('the values of an assertion are those of its whole statement, and of no other one', (t) => {
  const python =
    'def test_a():\n    assert f(7) == 1\n    assert f(\n        9,\n    ) == "nine"\n    assert f(2) == 3\n'
  t.deepEqual(sorted(assertedValues('test_a.py', python, [4])), ['9', 'nine'])
  t.deepEqual(sorted(assertedValues('test_a.py', python, [2])), ['1', '7'])
  t.deepEqual(sorted(assertedValues('test_a.py', python, [99])), [])
})

test('a statement ends at the block in which it stands', (t) => {
  const script =
    "test('adds', () => {\n  assert.equal(\n    add(2, 3),\n    5,\n  )\n  assert.equal(add(70, 80), 150)\n})\n"
  t.deepEqual(sorted(assertedValues('a.test.js', script, [3])), ['2', '3', '5'])
  t.deepEqual(sorted(assertedValues('a.test.js', script, [1])), ['adds'], 'the head of a test is not its body')
})

test('one number written in two ways is one value, and a string is its contents', (t) => {
  t.deepEqual(sorted(valuesIn('a.py', 'x = 1_000 + 0x10 + 2.50 + b"ab" + \'ab\'')), ['1000', '16', '2.5', 'ab'])
})

test('what the product holds somewhere, in code or in a comment, or what every program holds, says nothing', (t) => {
  const asserted = new Set(['42', '7', 'north', 'ten', '1', ''])
  t.deepEqual(sorted(valuesOfTestsAlone(asserted, ['x = 142  # up to 7', "DIRECTIONS = 'ten'"])), ['42', 'north'])
})

test('only the text that a candidate puts in counts', (t) => {
  t.true(holdsValue({ path: 'a.py', text: 'n + 42' }, new Set(['42'])))
  t.false(holdsValue({ path: 'a.py', text: 'n + 421' }, new Set(['42'])))
  t.true(holdsValue({ path: 'a.js', text: "'north'" }, new Set(['north'])))
  t.false(holdsValue({ path: 'a.js', text: 'north' }, new Set(['north'])))
})
