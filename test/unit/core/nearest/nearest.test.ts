import test from 'ava'
import { nearest } from '../../../../src/engine/core/nearest/index.ts'

test('the nearest known word is told for one typing mistake in three letters, and none beyond', (t) => {
  const known = ['run', 'replay', 'report', 'verify']
  t.is(nearest('rnu', known), 'run')
  t.is(nearest('verfiy', known), 'verify')
  t.is(nearest('repalay', known), 'replay')
  t.is(nearest('RUN', known), 'run')
  t.is(nearest('sun', known), 'run')
  t.is(nearest('stop', known), null)
  t.is(nearest('run', []), null)
})

test('of words that are equally near the first one is told', (t) => {
  t.is(nearest('cat', ['bat', 'hat']), 'bat')
})
