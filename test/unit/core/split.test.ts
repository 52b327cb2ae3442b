import test from 'ava'
import { bought, type JudgeOf, split } from '../../../src/engine/core/split.ts'
import type { Change } from '../../../src/engine/model/change.ts'

const file = { mode: '100644' as const, oid: '0'.repeat(40) }
const added = (path: string): Change => ({ path, before: null, after: file })
const edited = (path: string): Change => ({ path, before: file, after: file })
const removed = (path: string): Change => ({ path, before: file, after: null })
const judgeOf: JudgeOf = (path) => (path.startsWith('test') ? 'test' : path.endsWith('.cfg') ? 'config' : null)
const paths = (changes: readonly Change[]) => changes.map(({ path }) => path)

test('a change is product, tests that it brings, and other judges', (t) => {
  const parts = split(
    [edited('a.py'), added('test_a.py'), edited('test_b.py'), removed('test_c.py'), edited('x.cfg')],
    judgeOf,
  )
  t.deepEqual(paths(parts.product), ['a.py'])
  t.deepEqual(paths(parts.tests), ['test_a.py', 'test_b.py', 'test_c.py'])
  t.deepEqual(paths(parts.other), ['x.cfg'])
})

test('every judge that a change touches can have bought its green, a test that it adds included', (t) => {
  const parts = split([edited('a.py'), added('x.cfg'), added('test_a.py'), removed('test_c.py')], judgeOf)
  t.deepEqual(paths(bought(parts)), ['test_a.py', 'test_c.py', 'x.cfg'])
})

test('whether a path is a judge can hang on its being new', (t) => {
  const shadow: JudgeOf = (path, context) => (path === 'pytest.py' && context?.added ? 'config' : null)
  t.deepEqual(paths(split([added('pytest.py')], shadow).other), ['pytest.py'])
  t.deepEqual(paths(split([edited('pytest.py')], shadow).product), ['pytest.py'])
})
