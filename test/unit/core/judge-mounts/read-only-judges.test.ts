import test from 'ava'
import { judgesToMount, MOST_MOUNTED } from '../../../../src/engine/core/judge-mounts/read-only-judges.ts'

test('all judges are mounted where they are few, and those nearest to the top where they are many', (t) => {
  t.deepEqual(judgesToMount(['b/c', 'a']), ['b/c', 'a'])
  const many = Array.from({ length: MOST_MOUNTED + 5 }, (_, n) => `test/deep/${n}.test.js`)
  const kept = judgesToMount([...many, 'package.json', 'test/setup.js'])
  t.is(kept.length, MOST_MOUNTED)
  t.deepEqual(kept.slice(0, 2), ['package.json', 'test/setup.js'])
})
