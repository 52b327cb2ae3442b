import test from 'ava'
import type { ProposerAnswer } from '../../../../src/engine/model/proposal.ts'
import type { Proposer } from '../../../../src/engine/ports/proposer.ts'
import {
  CALC,
  edits,
  noneRefuted,
  proposerOf,
  RIGHT,
  running,
  runningWith,
  type Story,
} from '../../../support/fakes.ts'
import { type Program, tests } from '../../../support/sandbox.ts'

const failed: ProposerAnswer = { how: 'failed', why: 'unreachable', reason: 'nobody answers' }
const nothing: ProposerAnswer = { how: 'nothing', reason: 'every candidate was tried', stopped: 'candidates' }
const WRONG = edits({ 'calc.js': 'odd and wrong\n' })
const RIGHT_EDITS = edits(RIGHT)

test('a proposal that turns the red green is PROVED, and stands in a commit on the base', async (t) => {
  const { result, session, repository } = await runningWith({ base: CALC }, proposerOf(RIGHT_EDITS))
  t.like(result, { verdict: 'PROVED', flipped: ['adds'], minimal: 'shown' })
  const final = await repository.history.commit(result.final ?? '')
  t.is(final.subject, 'Make adds pass')
  t.deepEqual(final.parents, [session.base.commit])
  t.is(repository.files(final.tree)['calc.js'], RIGHT['calc.js'])
})

test('a base that is green is ALREADY_GREEN, and nobody is asked', async (t) => {
  const proposer = proposerOf(RIGHT_EDITS)
  const { result, commit, session } = await runningWith({ base: { ...CALC, ...RIGHT } }, proposer)
  t.is(result.verdict, 'ALREADY_GREEN')
  t.is(commit, session.base.commit)
  t.is(proposer.requests.length, 0)
})

test('a base that is green whatever its files hold is NO_EFFECT', async (t) => {
  t.is((await running({ base: CALC, command: () => ({ ended: 0 }) })).verdict, 'NO_EFFECT')
})

test('a red that no file changes is NO_EFFECT, and no further attempt is made', async (t) => {
  const command: Program = () => ({ ended: 1, output: 'not ok adds: installed copy\n' })
  const result = await running({ base: CALC, command }, WRONG, RIGHT_EDITS)
  t.is(result.verdict, 'NO_EFFECT')
  t.is(result.attempts.length, 1)
})

test('with no pairs a proposal is PASSED_ONCE', async (t) => {
  const result = await running({ base: CALC, policy: 'policy: {verify: {runs: 0}}' }, RIGHT_EDITS)
  t.is(result.verdict, 'PASSED_ONCE')
})

test('the next request tells what became of the one before', async (t) => {
  const proposer = proposerOf(WRONG, RIGHT_EDITS)
  const { result } = await runningWith({ base: CALC }, proposer)
  t.is(result.verdict, 'PROVED')
  const [earlier] = proposer.requests[1]?.earlier ?? []
  t.like(earlier, { n: 1, verdict: 'NOT_FIXED' })
  t.regex(earlier?.output ?? '', /not ok halves: calc.js lacks even/)
  t.regex(earlier?.patch ?? '', /^\+odd and wrong$/m)
})

test('when the attempts are spent it is NOT_FIXED, with how the last one failed', async (t) => {
  const policy = 'policy: {limits: {max_attempts: 2}}'
  const result = await running({ base: CALC, policy }, WRONG, edits({ 'calc.js': 'odd\n' }), RIGHT_EDITS)
  t.is(result.verdict, 'NOT_FIXED')
  t.regex(result.reason, /^2 attempts did not turn the command green; the last one: still red:/)
  t.is(result.mend, 'raise limits.max_attempts, or try another provider')
})

test('a proposal that gives the tree of another attempt is not run again', async (t) => {
  const policy = 'policy: {limits: {max_attempts: 2}}'
  const result = await running({ base: CALC, policy }, WRONG, WRONG)
  t.deepEqual(
    result.attempts.map(({ verdict, reason }) => [verdict, reason]),
    [
      ['NOT_FIXED', 'still red: calc.js lacks right (2 failing: adds, halves)'],
      ['REFUSED', 'the same result as attempt 1'],
    ],
  )
})

test('when the time is spent no further attempt is made', async (t) => {
  const policy = 'policy: {minimize: false, limits: {session_timeout_sec: 60}}'
  const command: Program = (run) => ({ ...tests(run), takesMs: 15_000 })
  const { result } = await runningWith({ base: CALC, policy, command }, proposerOf(WRONG, RIGHT_EDITS))
  t.is(result.verdict, 'NOT_FIXED')
  t.is(result.reason, 'the time limit of this session is reached')
  t.is(result.mend, 'raise --timeout or limits.session_timeout_sec')
})

test('a proposer is told what is left of time, tokens and candidates', async (t) => {
  const policy =
    'policy: {limits: {max_model_tokens: 100, max_candidates: 7, search_seconds: 9, session_timeout_sec: 60}}'
  const costly: ProposerAnswer = {
    how: 'reply',
    text: 'no patch',
    model: 'm',
    usage: { inputTokens: 70, outputTokens: 10 },
  }
  const proposer = proposerOf(costly, costly, RIGHT_EDITS)
  const command: Program = (run) => ({ ...tests(run), takesMs: 100 })
  await runningWith({ base: CALC, policy, command }, proposer)
  t.deepEqual(
    proposer.requests.map(({ budget }) => budget.tokens),
    [100, 20, 0],
  )
  t.like(proposer.requests[0]?.budget, { candidates: 7, searchMs: 9_000, ms: 59_800 })
})

test('what one proposer tried in vain is told to the next one, and only to that', async (t) => {
  const first = proposerOf({ ...nothing, handOn: 'Small edits were already tried.' })
  const second = proposerOf(RIGHT_EDITS)
  await runningWith({ base: CALC }, first, second)
  t.notRegex(first.requests[0]?.context ?? '', /already tried/)
  t.regex(second.requests[0]?.context ?? '', /Small edits were already tried\.$/)
})

test('a proposer may try candidates in work trees, which are no attempts and are not told', async (t) => {
  const tried: boolean[] = []
  const proposer = proposerOf(nothing)
  const trying = {
    ...proposer,
    propose: async (request: Parameters<typeof proposer.propose>[0]) => {
      for (const text of ['odd\n', 'right and even\n'])
        tried.push(await request.trial(new Map([['calc.js', bytes(text)]])))
      return proposer.propose(request)
    },
  }
  const { result } = await runningWith({ base: CALC }, trying)
  t.deepEqual(tried, [false, true])
  t.deepEqual(result.attempts, [])
  t.false(result.runs.some(({ on }) => on === 'trial'))
})

const bytes = (text: string) => new TextEncoder().encode(text)

test('a proposer that knows nothing leaves NOT_FIXED, with what stopped it and whom else to ask', async (t) => {
  const result = await running({ base: CALC }, nothing)
  t.like(result, { verdict: 'NOT_FIXED', reason: 'fake: every candidate was tried' })
  t.regex(result.mend ?? '', /PP_LIMITS_MAX_CANDIDATES=\d+ git pp run/)
  t.regex(result.mend ?? '', /^ask another provider: --provider search or openai or command; let the/)
})

test('a proposer that broke is PROPOSER_FAILED, unless another one answers', async (t) => {
  t.like(await running({ base: CALC }, failed), { verdict: 'PROPOSER_FAILED', reason: 'fake: nobody answers' })
  const { result } = await runningWith({ base: CALC }, proposerOf(failed), proposerOf(RIGHT_EDITS))
  t.is(result.verdict, 'PROVED')
})

test('what models took is in the answer, what failed included', async (t) => {
  const usage = { inputTokens: 10, outputTokens: 2, requests: 1, ms: 3 }
  const text = '```diff\n--- a/calc.js\n+++ b/calc.js\n@@ -1 +1 @@\n-wrong and even\n+right and even\n```\n'
  const told: ProposerAnswer = { how: 'failed', why: 'empty', reason: 'nothing', usage }
  const { result } = await runningWith(
    { base: CALC },
    proposerOf(told),
    proposerOf({ how: 'reply', text, model: 'm', usage }),
  )
  t.is(result.verdict, 'PROVED')
  t.deepEqual(result.spent, { requests: 2, ms: 6, inputTokens: 20, outputTokens: 4, estimated: false, cost: null })
  t.is((await running({ base: CALC }, RIGHT_EDITS)).spent, undefined)
})

test('what a proposer that broke says to type is what the answer says to type', async (t) => {
  const told: ProposerAnswer = { how: 'failed', why: 'no-key', reason: 'no', mend: 'export KEY=…' }
  t.is((await running({ base: CALC }, told)).mend, 'export KEY=…')
})

/** So many failing tests that their messages fill any context. */
const MANY = {
  ...CALC,
  'test/calc.test.js': `halves: calc.js has even\n${Array.from({ length: 400 }, (_, at) => `adds number ${at}: calc.js has right\n`).join('')}`,
}

test('a context that does not fit into the model is asked for with half of it, for the rest of the session too', async (t) => {
  const long: ProposerAnswer = { how: 'failed', why: 'too-long', reason: 'the context is too long' }
  const proposer = proposerOf(long, long, edits({ 'calc.js': 'odd\n' }), RIGHT_EDITS)
  const { result } = await runningWith({ base: MANY }, proposer)
  t.is(result.verdict, 'PROVED')
  const [first = 0, second = 0, third = 0, next = 0] = proposer.requests.map(({ context }) => context.length)
  t.true(first > second && second > third, `${first} ${second} ${third}`)
  t.is(next, third)
})

test('a reply that was cut off uses up an attempt, and the next request is made', async (t) => {
  const cut: ProposerAnswer = { how: 'failed', why: 'truncated', reason: 'the reply is not whole' }
  const proposer = proposerOf(cut, RIGHT_EDITS)
  const { result } = await runningWith({ base: CALC }, proposer)
  t.is(result.verdict, 'PROVED')
  t.is(proposer.requests.length, 2)
  const never = proposerOf(...Array<ProposerAnswer>(10).fill(cut))
  t.is((await runningWith({ base: CALC }, never)).result.verdict, 'PROPOSER_FAILED')
  t.is(never.requests.length, 3)
})

test('a model into which nothing fits is given up', async (t) => {
  const long: ProposerAnswer = { how: 'failed', why: 'too-long', reason: 'the context is too long' }
  const proposer = proposerOf(long, long, long, long, long, long)
  const { result } = await runningWith({ base: CALC }, proposer)
  t.is(result.verdict, 'PROPOSER_FAILED')
  t.is(proposer.requests.length, 3)
})

test('a proposer that broke after an attempt leaves what the attempt came to', async (t) => {
  const result = await running({ base: CALC }, WRONG, failed)
  t.is(result.verdict, 'NOT_FIXED')
  t.regex(result.reason, /^still red: calc.js lacks right .*; then fake: nobody answers$/)
})

test('what a proposer without a sandbox proposed is told with a warning', async (t) => {
  const { result } = await runningWith({ base: CALC }, { ...proposerOf(RIGHT_EDITS), sandboxed: false })
  t.true(result.warnings.includes('proposer: unsandboxed (fake)'))
})

test('nothing is tried once a proposer without a sandbox changed dependencies that runs read', async (t) => {
  const story = { base: CALC, changedBeside: ['node_modules/a.js', 'node_modules/b.js', 'x/1', 'x/2'] }
  const { result } = await runningWith(story, { ...proposerOf(RIGHT_EDITS), sandboxed: false })
  t.is(result.verdict, 'PROPOSER_FAILED')
  t.regex(
    result.reason,
    /dependencies changed while it worked \(node_modules\/a.js, node_modules\/b.js, x\/1 and 1 more\)/,
  )
  t.is((await runningWith(story, proposerOf(RIGHT_EDITS))).result.verdict, 'PROVED')
})

test('a proposal that the policy forbids is DENIED, and the next request hears the rule and no word of the policy', async (t) => {
  const policy = 'policy: {deny_write: ["calc.js"], limits: {max_attempts: 2}}'
  const proposer = proposerOf(RIGHT_EDITS, RIGHT_EDITS)
  const { result } = await runningWith({ base: CALC, policy }, proposer)
  t.is(result.verdict, 'DENIED')
  t.is(result.mend, 'change the policy, or ask for another patch')
  t.is(proposer.requests[1]?.earlier[0]?.sentence, 'it was refused: calc.js: not allowed here (deny_write).')
  t.false(proposer.requests[0]?.files.list().includes('calc.js'))
})

test('an edit of a file that agents obey is DENIED with its name', async (t) => {
  const policy = 'policy: {limits: {max_attempts: 1}}'
  const base = { ...CALC, '.claude/settings.json': '{}\n' }
  const result = await running({ base, policy }, edits({ ...RIGHT, '.claude/settings.json': '{"hooks": {}}\n' }))
  t.is(result.verdict, 'DENIED')
  t.regex(result.reason, /\.claude\/settings\.json/)
})

test('proposals that only change tests are TESTS_CHANGED, with the line to type where that is meant', async (t) => {
  const policy = 'policy: {limits: {max_attempts: 1}}'
  const result = await running({ base: CALC, policy }, edits({ 'test/calc.test.js': 'adds: calc.js has wrong\n' }))
  t.is(result.verdict, 'TESTS_CHANGED')
  t.regex(result.reason, /^test\/calc\.test\.js is a judge \(a test, its configuration or CI\), which/)
  t.regex(result.mend ?? '', /^if this is meant: git pp run .*test\/calc\.test\.js/)
})

test('proposals of which each is RIGGED are RIGGED', async (t) => {
  const policy = 'policy: {limits: {max_attempts: 1}}'
  const command: Program = (run) =>
    run.files['calc.js']?.includes('right') ? { ended: 0, output: 'ok adds\n' } : tests(run)
  const result = await running({ base: CALC, policy, command }, RIGHT_EDITS)
  t.like(result, { verdict: 'RIGGED', reason: 'unit: test vanished: halves' })
})

test('an answer that holds no patch is refused with its reason, and asked again', async (t) => {
  const empty: ProposerAnswer = {
    how: 'reply',
    text: 'I do not know.',
    model: null,
    usage: { inputTokens: null, outputTokens: null },
  }
  const same = edits({ 'calc.js': CALC['calc.js'] ?? '' })
  const result = await running({ base: CALC }, empty, same, RIGHT_EDITS)
  t.is(result.verdict, 'PROVED')
  t.deepEqual(
    result.attempts.map(({ verdict, refusals }) => [verdict, refusals.map(({ rule }) => rule)]),
    [
      ['REFUSED', ['no-diff']],
      ['REFUSED', ['no-change']],
      ['PROVED', []],
    ],
  )
})

test('a reply that holds a patch is applied strictly', async (t) => {
  const text = '```diff\n--- a/calc.js\n+++ b/calc.js\n@@ -1 +1 @@\n-wrong and even\n+right and even\n```\n'
  const { result } = await runningWith(
    { base: CALC },
    proposerOf({ how: 'reply', text, model: 'm', usage: { inputTokens: 1, outputTokens: 1 } }),
  )
  t.is(result.verdict, 'PROVED')
  t.regex(result.patch ?? '', /^\+right and even$/m)
})

test('a proposer sees the files and the failure, and which files it may change', async (t) => {
  const proposer = proposerOf(nothing)
  await runningWith({ base: { ...CALC, 'pp.yaml': 'provider: [search]\n', '.env': 'KEY=1\n' } }, proposer)
  const [request] = proposer.requests
  t.deepEqual(request?.files.list(), ['calc.js', 'test/calc.test.js'])
  t.deepEqual(await request?.files.read('calc.js'), bytes(CALC['calc.js'] ?? ''))
  t.deepEqual([request?.files.isProduct('calc.js'), request?.files.isProduct('test/calc.test.js')], [true, false])
  t.regex(request?.context ?? '', /calc\.js lacks right/)
})

test('with several jobs the minimised patch and the recorded runs are those of one job', async (t) => {
  const lines = Array.from({ length: 60 }, (_, at) => `line ${at}`)
  const text = (words: string, mark: string) =>
    [words, ...lines.map((line, at) => (at % 10 === 5 ? `${line}${mark}` : line))].join('\n')
  const story = { base: { ...CALC, 'calc.js': text('wrong and even', '') } }
  const proposal = edits({ 'calc.js': text('right and even', ' more') })
  const alone = await running(story, proposal)
  const many = await running({ ...story, options: { jobs: 4 } }, proposal)
  t.is(alone.verdict, 'PROVED')
  t.true(alone.runs.filter(({ on }) => on.startsWith('minimise')).length > 3)
  t.deepEqual(many.runs, alone.runs)
  t.is(many.final, alone.final)
})

test('with several jobs targets run at once, each in a work tree of its own, and are told in their order', async (t) => {
  const targets = ['one', 'two'].map((name) => ({ name, command: { shell: 'run-tests' }, cwd: '' }))
  const story = { base: CALC, targets }
  const alone = await running(story, RIGHT_EDITS)
  const many = await running({ ...story, options: { jobs: 2 } }, RIGHT_EDITS)
  t.is(many.verdict, 'PROVED')
  t.deepEqual(many.runs, alone.runs)
})

test('a candidate that was red before is not run again, unless what it depends on is another', async (t) => {
  const tried: string[] = []
  const command: Program = (run) => {
    tried.push(run.files['calc.js'] ?? '')
    return tests(run)
  }
  const candidate = new Map([['calc.js', new TextEncoder().encode('odd and wrong\n')]])
  const trying: Proposer = {
    ...{ kind: 'fake', model: null, remote: false, sandboxed: true },
    async propose(request) {
      return (await request.trial(candidate)) ? RIGHT_EDITS : nothing
    },
  }
  const refuted = noneRefuted()
  const times = async (story: Partial<Story>) => {
    tried.length = 0
    await runningWith({ base: CALC, command, refuted, ...story }, trying)
    return tried.filter((text) => text.startsWith('odd')).length
  }
  t.is(await times({}), 1)
  t.is(await times({}), 0)
  t.is(await times({ base: { ...CALC, 'more.js': 'more' } }), 1)
  t.is(await times({ targets: [{ name: 'unit', command: { shell: 'run-tests -x' }, cwd: '' }] }), 1)
})

const DOUBT = 'holds the expected value of the test: probably not a repair'
const DOUBTFUL: ProposerAnswer = { ...(RIGHT_EDITS as Extract<ProposerAnswer, { how: 'edits' }>), doubt: DOUBT }

test('a patch that holds the expected value of the test is shown, and not proved', async (t) => {
  const result = await running({ base: CALC }, DOUBTFUL)
  t.is(result.verdict, 'NOT_FIXED')
  t.true(result.reason.startsWith(`${DOUBT}; attempt 1 turns the command green`), result.reason)
  t.regex(result.mend ?? '', /--accept-literal$/)
  t.regex(result.patch ?? '', /^\+/m)
  t.is(result.final, null)
})

test('it is shown also if later attempts fail, and not if a later one holds', async (t) => {
  const last = await running({ base: CALC, policy: 'policy: {limits: {max_attempts: 2}}' }, DOUBTFUL, WRONG)
  t.true(last.reason.startsWith(DOUBT), last.reason)
  t.notRegex(last.patch ?? '', /odd and wrong/)
  const other = edits({ 'calc.js': `${RIGHT['calc.js']}and more\n` })
  t.is((await running({ base: CALC }, DOUBTFUL, other)).verdict, 'PROVED')
})

test('it is proved if the user accepts that, and the reason begins with it', async (t) => {
  const result = await running({ base: CALC, options: { acceptLiteral: true } }, DOUBTFUL)
  t.is(result.verdict, 'PROVED')
  t.true(result.reason.startsWith(`${DOUBT}; `), result.reason)
})
