import test from 'ava'
import { rangeIn } from '../../../../src/engine/flows/base/index.ts'

test('a range has two ends, of which the second may be left out', (t) => {
  t.deepEqual(rangeIn('main..topic'), { from: 'main', to: 'topic' })
  t.deepEqual(rangeIn('HEAD~2..'), { from: 'HEAD~2', to: null })
  t.deepEqual(rangeIn('v1.2..v1.3'), { from: 'v1.2', to: 'v1.3' })
})

test('a commit, three dots and a range without a start are no range', (t) => {
  for (const word of ['main', 'main...topic', '..topic', '']) t.is(rangeIn(word), null, word)
})
