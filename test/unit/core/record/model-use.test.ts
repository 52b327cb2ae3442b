import test from 'ava'
import { modelUseLine, withUsage } from '../../../../src/engine/core/record/index.ts'

const usage = { inputTokens: 1000, outputTokens: 200, requests: 2, ms: 1500 }

test('what models took is added up, and told in one line', (t) => {
  const once = withUsage(null, { ...usage, cost: 0.002 })
  const twice = withUsage(once, { ...usage, requests: 1, cost: 0.5, estimated: true })
  t.is(once && modelUseLine(once), '2 requests, 1.5 s, 1000 tokens in and 200 out, cost 0.0020')
  t.is(twice && modelUseLine(twice), '3 requests, 3.0 s, 2000 tokens in and 400 out (estimated), cost 0.50')
})

test('a sum in which a part has no price has none', (t) => {
  const priced = withUsage(null, { ...usage, cost: 0.5 })
  t.is(withUsage(priced, usage)?.cost, null)
  t.is(withUsage(withUsage(null, usage), { ...usage, cost: 0.5 })?.cost, null)
})

test('an answer without a model changes nothing', (t) => {
  t.is(withUsage(null, undefined), null)
  t.is(withUsage(null, { inputTokens: null, outputTokens: null }), null)
})
