import test from 'ava'
import { answerOf } from '../../helpers/answers.ts'

const answer = (own: object) => JSON.stringify({ schemaVersion: 1, verdict: 'OK', reason: 'exported', ...own })

test('an answer that its verb may give is read', (t) => {
  t.is(answerOf(['-C', 'log', 'export', '--json'], answer({ dir: '/tmp/x' }))['dir'], '/tmp/x')
})

test('an answer with a key that the schema does not know fails the test that reads it', (t) => {
  const error = t.throws(() => answerOf(['export', '--json'], answer({ dir: '/tmp/x', size: 1 })))
  t.regex(error?.message ?? '', /^git pp export --json answers against docs\/json\.schema\.json:\n.*"size"/s)
})

test('an answer that lacks a key fails, too', (t) => {
  t.throws(() => answerOf(['export', '--json'], answer({})), { message: /dir/ })
})

test('an error has to have a known code and may have nothing else', (t) => {
  const fault = { code: 'NO_PROOF', mend: null }
  t.is(answerOf(['show', '--json'], answer(fault))['code'], 'NO_PROOF')
  t.throws(() => answerOf(['show', '--json'], answer({ ...fault, code: 'ODD' })), { message: /code/ })
})

test('what was not asked for as JSON is not held against anything', (t) => {
  t.deepEqual(answerOf(['show'], 'PROVED\n'), {})
  t.deepEqual(answerOf(['run', '--', 'x', '--json'], '{"a":1}'), { a: 1 })
})
