import test from 'ava'
import { AUTOMATIC, BACKENDS, either, isBare, strengthOf } from '../../../src/engine/model/kinds.ts'

test('auto is as strong as the weakest that it takes, and it takes nothing that keeps nothing out', (t) => {
  t.deepEqual(Object.fromEntries(BACKENDS.map((kind) => [kind, strengthOf(kind)])), {
    auto: 1,
    container: 2,
    bubblewrap: 1,
    unshare: 1,
    none: 0,
  })
  t.deepEqual(AUTOMATIC, ['bubblewrap', 'unshare'])
  t.deepEqual(BACKENDS.filter(isBare), ['none'])
})

test('a sandbox that is not known here is not taken for one that keeps nothing out', (t) => {
  t.false(isBare('of another version'))
})

test('kinds are told as people would tell them', (t) => {
  t.is(either(['a', 'b', 'c']), 'a, b or c')
  t.is(either(['a', 'b']), 'a or b')
  t.is(either(['a']), 'a')
})
