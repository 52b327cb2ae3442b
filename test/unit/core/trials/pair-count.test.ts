import test from 'ava'
import { isFocused, planFocusedRuns, planRuns } from '../../../../src/engine/core/trials/index.ts'

test('how often to run depends on what was asked for, and on how long one run takes', (t) => {
  t.deepEqual(planRuns('auto', 10_000), { reds: 3, greens: 3 })
  t.deepEqual(planRuns('auto', 10_001), { reds: 2, greens: 2 })
  t.deepEqual(planRuns('auto', 60_001), { reds: 2, greens: 1 })
  t.deepEqual(planRuns(0, 1), { reds: 1, greens: 1 })
  t.deepEqual(planRuns(1, 1), { reds: 2, greens: 1 })
  t.deepEqual(planRuns(5, 60_001), { reds: 5, greens: 5 })
})

test('only a slow suite with two pairs or more is focused, and its failing tests have a red at the end', (t) => {
  t.true(isFocused('auto', 'auto', 60_001))
  t.true(isFocused('fast', 2, 60_001))
  t.false(isFocused('auto', 'auto', 60_000))
  t.false(isFocused('never', 'auto', 100_000))
  for (const runs of [0, 1]) t.false(isFocused('auto', runs, 100_000))
  t.deepEqual(planFocusedRuns('auto', 1_000), { reds: 4, greens: 3 })
  t.deepEqual(planFocusedRuns('auto', 20_000), { reds: 3, greens: 2 })
  t.deepEqual(planFocusedRuns(2, 1_000), { reds: 3, greens: 2 })
})
