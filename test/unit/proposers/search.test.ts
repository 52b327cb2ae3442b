import { runInNewContext } from 'node:vm'
import test from 'ava'
import { PpError } from '../../../src/engine/model/error.ts'
import type { ProposalRequest } from '../../../src/engine/ports/proposer.ts'
import search from '../../../src/engine/proposers/search.ts'
import { requestFor } from './request.ts'

const open = () => search.open({ env: {}, named: false, settings: {} })
const CLAMP = 'function clamp(x, low, high) {\n  if (x < low) return low\n  return x > high ? low : x\n}\n'

/** Runs the file for real: true when every check holds. */
const passes =
  (path: string, ...checks: string[]) =>
  async (edits: ReadonlyMap<string, Uint8Array>) => {
    try {
      const code = new TextDecoder().decode(edits.get(path))
      return checks.every((check) => runInNewContext(`${code};${check}`, {}, { timeout: 200 }))
    } catch {
      return false
    }
  }
const trial = passes('clamp.js', 'clamp(5, 1, 3) === 3', 'clamp(0, 1, 3) === 1', 'clamp(2, 1, 3) === 2')

test('a wrong name is found by running the candidates', async (t) => {
  const suspects = [{ path: 'clamp.js', line: 3, score: 1 }]
  const answer = await (await open()).propose(requestFor({ 'clamp.js': CLAMP }, { suspects, trial }))
  if (answer.how !== 'edits') return t.fail(JSON.stringify(answer))
  t.is(new TextDecoder().decode(answer.edits.get('clamp.js') ?? undefined), CLAMP.replace('? low', '? high'))
  t.regex(answer.note, /^search: tried \d+ candidates?; clamp\.js line 3: low → high$/)
})

test('without lines or suspects the whole of a small product is searched', async (t) => {
  const files = { 'README.md': 'low < high', 'clamp.js': CLAMP }
  const answer = await (await open()).propose(requestFor(files, { trial }))
  t.is(answer.how, 'edits', JSON.stringify(answer))
})

test('what is not edited comes back byte for byte', async (t) => {
  const bytes = Buffer.concat([
    Buffer.from([0xef, 0xbb, 0xbf]),
    Buffer.from('// caf\xe9 \xff\r\nx = 1\r\ny = 2', 'latin1'),
  ])
  const tried: Buffer[] = []
  const request = requestFor(
    {},
    {
      files: { list: () => ['a.js'], isProduct: () => true, read: async () => bytes },
      trial: async (edits) => tried.push(Buffer.from(edits.get('a.js') ?? [])) > 30,
    },
  )
  await (await open()).propose(request)
  t.true(tried.length > 5)
  for (const edited of tried) t.deepEqual(edited.subarray(0, 14), bytes.subarray(0, 14))
})

test('a second request of a session goes on where the first one stopped', async (t) => {
  const proposer = await open()
  const tried = new Set<string>()
  const once = async (edits: ReadonlyMap<string, Uint8Array>): Promise<boolean> => {
    const text = new TextDecoder().decode(edits.get('clamp.js'))
    t.false(tried.has(text))
    tried.add(text)
    return tried.size === 3
  }
  t.is((await proposer.propose(requestFor({ 'clamp.js': CLAMP }, { trial: once }))).how, 'edits')
  t.is((await proposer.propose(requestFor({ 'clamp.js': CLAMP }, { trial: once }))).how, 'nothing')
  t.true(tried.size > 50)
  const all = await proposer.propose(requestFor({ 'clamp.js': CLAMP }))
  t.regex(
    all.how === 'nothing' ? all.reason : '',
    /^tried 0 candidates, none passed; the search knows nothing else to try here$/,
  )
  t.false('stopped' in all, 'more time would change nothing')
})

test('the number of candidates is a limit, and is told', async (t) => {
  const budget = { ms: 20_000, searchMs: 20_000, tokens: null, candidates: 7 }
  const answer = await (await open()).propose(requestFor({ 'clamp.js': CLAMP }, { budget }))
  const reason = 'tried 7 candidates, none passed; max_candidates was reached'
  t.like(answer, { how: 'nothing', reason, stopped: 'candidates' })
})

test('the time is one limit for all requests of a session, and what was tried is handed on', async (t) => {
  const proposer = await open()
  // Enough to begin on a busy machine, and not enough for all.
  const budget = { ms: 9e5, searchMs: 2500, tokens: null, candidates: 100_000 }
  const trial = () => new Promise<boolean>((resolve) => setTimeout(resolve, 200, false))
  const request = requestFor({ 'clamp.js': CLAMP }, { budget, trial })
  const first = await proposer.propose(request)
  t.regex(
    first.how === 'nothing' ? (first.handOn ?? '') : '',
    /already tried and the tests stayed red: \d+ of clamp\.js\./,
  )
  const again = await proposer.propose(request)
  t.regex(
    again.how === 'nothing' ? again.reason : '',
    /^tried 0 candidates, none passed; the time limit of \d s was reached/,
  )
})

test('the time is a limit, and is told', async (t) => {
  const budget = { ms: 60, searchMs: 60, tokens: null, candidates: 100_000 }
  const slow = () => new Promise<boolean>((resolve) => setTimeout(resolve, 25, false))
  const answer = await (await open()).propose(requestFor({ 'clamp.js': CLAMP }, { budget, trial: slow }))
  t.regex(
    answer.how === 'nothing' ? answer.reason : '',
    /tried \d candidates?, none passed; the time limit of 0 s was reached/,
  )
  t.is(answer.how === 'nothing' ? answer.stopped : null, 'search time')
  const rest = await (await open()).propose(
    requestFor({ 'clamp.js': CLAMP }, { budget: { ...budget, searchMs: 9e4 }, trial: slow }),
  )
  t.is(rest.how === 'nothing' ? rest.stopped : null, 'session time')
})

test('an interruption is thrown on', async (t) => {
  const stop = new AbortController()
  stop.abort(new PpError('INTERRUPTED', 'stopped'))
  const request = requestFor({ 'clamp.js': CLAMP }, { signal: stop.signal })
  await t.throwsAsync((await open()).propose(request), { message: 'stopped' })
})

test('a failure that names nothing in a product without code is nothing to search', async (t) => {
  const answer = await (await open()).propose(requestFor({ 'a.txt': 'x', 'b.json': '{}' }))
  t.is(answer.how, 'nothing')
})

test('progress is told now and then, not for each candidate', async (t) => {
  const request = requestFor({ 'clamp.js': CLAMP })
  const answer = await (await open()).propose(request)
  t.is(answer.how, 'nothing')
  t.true(request.said.length > 1 && request.said.length < 30, String(request.said.length))
})

test('several candidates at once find what one after the other finds, and say the same', async (t) => {
  const answers = await Promise.all(
    [1, 4].map(async (jobs) => {
      let under = 0
      let most = 0
      const slowly = async (edits: ReadonlyMap<string, Uint8Array>) => {
        most = Math.max(most, ++under)
        await new Promise((resolve) => setTimeout(resolve, 2))
        under--
        return trial(edits)
      }
      const answer = await (await open()).propose(requestFor({ 'clamp.js': CLAMP }, { trial: slowly, jobs }))
      t.is(most, jobs)
      return answer
    }),
  )
  t.is(answers[0]?.how, 'edits')
  t.deepEqual(answers[1], answers[0])
})

test('a candidate that ran beside the one that was found is tried by the next request', async (t) => {
  const proposer = await open()
  const tried: string[] = []
  const first = async (edits: ReadonlyMap<string, Uint8Array>) => {
    tried.push(new TextDecoder().decode(edits.get('clamp.js')))
    return tried.length === 1
  }
  await proposer.propose(requestFor({ 'clamp.js': CLAMP }, { trial: first, jobs: 3 }))
  t.is(tried.length, 3)
  const later: string[] = []
  const none = async (edits: ReadonlyMap<string, Uint8Array>) => {
    later.push(new TextDecoder().decode(edits.get('clamp.js')))
    return false
  }
  await proposer.propose(requestFor({ 'clamp.js': CLAMP }, { trial: none }))
  t.deepEqual(later.slice(0, 2), tried.slice(1))
})

const RATE = 'function rate(n) {\n  return n > 10 ? 19 : 7\n}\n'
const isTwenty = async (edits: ReadonlyMap<string, Uint8Array>) =>
  new TextDecoder().decode(edits.get('rate.js')).includes('20')

test('a candidate that holds the expected value of the test is tried last, and says so', async (t) => {
  const proposer = await open()
  const tried: string[] = []
  const trial = async (edits: ReadonlyMap<string, Uint8Array>) => {
    tried.push(new TextDecoder().decode(edits.get('rate.js')))
    return isTwenty(edits)
  }
  const request = { expected: new Set(['20']), trial }
  const answer = await proposer.propose(requestFor({ 'rate.js': RATE }, request))
  if (answer.how !== 'edits') return t.fail(JSON.stringify(answer))
  t.is(answer.doubt, 'holds the expected value of the test: probably not a repair')
  t.true(answer.note.startsWith('holds the expected value of the test: probably not a repair; search: tried'))
  const first = tried.findIndex((text) => text.includes('20'))
  t.true(first > 20)
  t.true(tried.slice(first).every((text) => text.includes('20')))
  const second = await proposer.propose(requestFor({ 'rate.js': RATE }, request))
  t.is(second.how, 'nothing', 'another one of the same kind would tell nothing new')
})

test('it wins over nothing that passes as well', async (t) => {
  const trial = async (edits: ReadonlyMap<string, Uint8Array>) =>
    /20|n >= 10/.test(new TextDecoder().decode(edits.get('rate.js')))
  for (const validate of [null, passing(/20|n >= 10/)]) {
    const answer = await (await open()).propose(
      requestFor({ 'rate.js': RATE }, { expected: new Set(['20']), trial, validate }),
    )
    if (answer.how !== 'edits') return t.fail(JSON.stringify(answer))
    t.false('doubt' in answer)
    t.regex(new TextDecoder().decode(answer.edits.get('rate.js') ?? undefined), /n >= 10/)
  }
})

function passing(wanted: RegExp): ProposalRequest['validate'] {
  return async (candidates) => ({
    how: 'tried',
    by: 'fake',
    words: candidates.map(({ start, end, text }) =>
      wanted.test(RATE.slice(0, start) + text + RATE.slice(end)) ? 'passes' : 'fails',
    ),
    ms: 100,
    dropped: 0,
    behaviour: [],
  })
}
