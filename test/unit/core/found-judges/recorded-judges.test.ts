import test from 'ava'
import { recordedJudges } from '../../../../src/engine/core/found-judges/index.ts'
import { MOST_FOUND } from '../../../../src/engine/model/found-judge.ts'

test('of a change of many files, product is recorded before data', (t) => {
  const data = Array.from({ length: MOST_FOUND + 5 }, (_, n) => ({
    path: `data/${n}.json`,
    judge: 'read' as const,
    why: '',
  }))
  const product = { path: 'src/z.js', judge: 'product' as const, why: '' }
  const recorded = recordedJudges(
    new Map(),
    [...data, product],
    [...data, product].map(({ path }) => path),
  )
  t.is(recorded.length, MOST_FOUND)
  t.true(recorded.some(({ path }) => path === 'src/z.js'))
})
