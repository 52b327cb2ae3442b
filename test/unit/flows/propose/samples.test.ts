import test from 'ava'
import { refsOf } from '../../../../src/engine/flows/refs/index.ts'
import type { ProposerAnswer } from '../../../../src/engine/model/proposal.ts'
import { CALC, edits, proposerOf, RIGHT, runningWith } from '../../../support/fakes.ts'

const ONCE = 'policy: {minimize: false, limits: {max_attempts: 1}}'
const RIGHT_EDITS = edits(RIGHT)
const LONG = edits({ 'calc.js': `odd and wrong\n${'// more\n'.repeat(20)}` })
const SHORT = edits({ 'calc.js': 'odd\n' })

/** What `git pp run --samples` comes to with a proposer whose answers differ. */
function sampling(samples: number, answers: readonly ProposerAnswer[], policy = ONCE) {
  const proposer = { ...proposerOf(...answers), varies: true as const }
  return runningWith({ base: CALC, policy, samples }, proposer).then((ran) => ({ ...ran, proposer }))
}

test('the samples of one request are one attempt, each in a commit of its own, and the small change is tried first', async (t) => {
  const { result, proposer, session, repository } = await sampling(3, [LONG, SHORT, RIGHT_EDITS])
  t.is(result.verdict, 'PROVED')
  t.is(proposer.requests.length, 3)
  t.deepEqual(
    result.attempts.map(({ n, verdict }) => [n, verdict]),
    [
      [2, 'NOT_FIXED'],
      [3, 'PROVED'],
      [1, 'NOT_TRIED'],
    ],
  )
  const refs = await repository.refs.list('refs/pp/')
  for (const { n, commit } of result.attempts) t.is(refs.get(refsOf(session.id).attempt(n)), commit ?? '')
})

test('what several samples agree on is tried first', async (t) => {
  const { result } = await sampling(4, [SHORT, LONG, RIGHT_EDITS, RIGHT_EDITS])
  t.deepEqual(
    result.attempts.map(({ n, verdict, reason }) => [n, verdict, reason.slice(0, 25)]),
    [
      [4, 'REFUSED', 'the same result as attemp'],
      [3, 'PROVED', result.reason.slice(0, 25)],
      [1, 'NOT_TRIED', 'another answer to the sam'],
      [2, 'NOT_TRIED', 'another answer to the sam'],
    ],
  )
})

test('samples that are all wrong use up one attempt, and the next request hears of each once', async (t) => {
  const policy = 'policy: {minimize: false, limits: {max_attempts: 2}}'
  const { result, proposer } = await sampling(3, [SHORT, LONG, SHORT, RIGHT_EDITS, RIGHT_EDITS, RIGHT_EDITS], policy)
  t.is(result.verdict, 'PROVED')
  t.is(proposer.requests.length, 6)
  t.deepEqual(
    proposer.requests[3]?.earlier.map(({ n }) => n),
    [1, 2],
  )
  t.deepEqual(result.attempts.map(({ n }) => n).sort(), [1, 2, 3, 4, 5, 6])
})

test('a sample that failed does not keep the others from being tried', async (t) => {
  const failed: ProposerAnswer = { how: 'failed', why: 'unreachable', reason: 'nobody answers' }
  t.is((await sampling(2, [failed, RIGHT_EDITS])).result.verdict, 'PROVED')
  t.is((await sampling(2, [failed, failed])).result.verdict, 'PROPOSER_FAILED')
})

test('samples share the tokens that are left', async (t) => {
  const policy = 'policy: {minimize: false, limits: {max_attempts: 1, max_model_tokens: 100}}'
  const { proposer } = await sampling(4, [SHORT, SHORT, SHORT, SHORT], policy)
  t.deepEqual(
    proposer.requests.map(({ budget }) => budget.tokens),
    [25, 25, 25, 25],
  )
})

test('a proposer whose answers do not differ is asked once', async (t) => {
  const proposer = proposerOf(RIGHT_EDITS)
  const { result } = await runningWith({ base: CALC, policy: ONCE, samples: 4 }, proposer)
  t.is(result.verdict, 'PROVED')
  t.is(proposer.requests.length, 1)
})
