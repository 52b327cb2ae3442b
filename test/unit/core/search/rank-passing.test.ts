import test from 'ava'
import type { EditCandidate } from '../../../../src/engine/core/search/edit-candidates.ts'
import { rankPassing } from '../../../../src/engine/core/search/rank-passing.ts'

const FILE = 'while True: pass'
const one = (text: string, score: number): EditCandidate => ({
  ...{ path: 'a.py', start: 6, end: 10, text, line: 1, rule: 'constant.variable', score },
})

test('one that gives no value for some inputs only comes after one that gives a value or fails for all', (t) => {
  const [likely, whole, never] = [one('something', -1), one('something else', -5), one('another', -9)]
  const behaviour = new Map([
    [likely, ['none:1', '2', '3']],
    [whole, ['raises:1', '2', '3']],
    [never, ['none:1', 'none:2', 'none:3']],
  ])
  const ranked = rankPassing([likely, whole, never], new Map([['a.py', FILE]]), (each) => behaviour.get(each) ?? null)
  t.deepEqual(ranked, [whole, never, likely])
})
