import test from 'ava'
import { processorSeconds } from '../../../evaluation/real/processor.ts'

test('the seconds of all children stand in the last line of what times prints', (t) => {
  t.is(processorSeconds('warning\n0m0.00s 0m0.01s\n1m2.50s 0m0.25s\n'), 62.75)
  t.is(processorSeconds('killed'), null)
})
