import test from 'ava'
import { parentsOf, upwardsFrom } from '../../../../src/engine/core/paths/index.ts'

test('the directories that a path lies in are told from the top', (t) => {
  t.deepEqual(parentsOf('a/b/c'), ['a', 'a/b'])
  t.deepEqual(parentsOf('a'), [])
})

test('from a directory upwards the top comes last', (t) => {
  t.deepEqual(upwardsFrom('a/b'), ['a/b', 'a', ''])
  t.deepEqual(upwardsFrom('a'), ['a', ''])
  t.deepEqual(upwardsFrom(''), [''])
})
