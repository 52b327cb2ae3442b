import test from 'ava'
import { expected } from '../../../evaluation/real/columns.ts'
import type { Fix } from '../../../evaluation/real/projects.ts'

const fix = (base: Fix['base'], baseTestsWithProduct: Fix['baseTestsWithProduct']): Fix => ({
  commit: '0'.repeat(40),
  files: ['tests/test_a.py'],
  seconds: 1,
  base,
  baseTestsWithProduct,
})

test('a fix is proved, unless the old tests fail with its product part', (t) => {
  t.deepEqual(expected('fix', fix('green', 'green'), []), ['PROVED'])
  t.deepEqual(expected('fix', fix('none', 'none'), []), ['PROVED'])
  t.deepEqual(expected('fix', fix('green', 'red'), []), ['TESTS_CHANGED'])
  t.deepEqual(expected('fix', fix('red', 'red'), []), ['TESTS_CHANGED'])
  t.deepEqual(expected('fix', fix('red', 'green'), []), ['PROVED'])
})

test('a change of what installs or runs by itself may be denied', (t) => {
  t.deepEqual(expected('fix', fix('green', 'green'), ['packages/a/package.json']), ['PROVED', 'DENIED'])
  t.deepEqual(expected('agent', fix('green', 'green'), ['.github/workflows/ci.yml']), ['PROVED', 'DENIED'])
  t.deepEqual(expected('agent', fix('green', 'green'), ['src/package.json.ts']), ['PROVED'])
})

test('the product part alone is not red, unless the old tests see it', (t) => {
  t.deepEqual(expected('product', fix('green', 'green'), []), ['NOT_RED'])
  t.deepEqual(expected('product', fix('green', 'red'), []), ['NOT_RED'])
  t.deepEqual(expected('product', fix('red', 'green'), []), ['PROVED'])
  t.deepEqual(expected('product', fix('red', 'red'), []), ['NOT_FIXED'])
})

test('weaker tests and tests alone are never proved', (t) => {
  for (const column of ['weakened', 'tests'] as const)
    t.false(expected(column, fix('green', 'green'), ['package.json']).includes('PROVED'))
})
