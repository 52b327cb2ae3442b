import test from 'ava'
import type { CandidateWord } from '../../../src/engine/model/validation.ts'
import type { CandidateEdit, ValidationResult } from '../../../src/engine/ports/validator.ts'
import search from '../../../src/engine/proposers/search.ts'
import { requestFor } from './request.ts'

const open = () => search.open({ env: {}, named: false, settings: {} })
const CLAMP = 'function clamp(x, low, high) {\n  if (x < low) return low\n  return x > high ? low : x\n}\n'
const FILES = { 'clamp.js': CLAMP }

/** A validator that says this word of each candidate that makes the file hold a text, and that the others fail. */
function saying(of: Readonly<Record<string, CandidateWord>>) {
  const asked: CandidateEdit[][] = []
  const validate = async (candidates: readonly CandidateEdit[]): Promise<ValidationResult> => {
    asked.push([...candidates])
    const words = candidates.map(({ start, end, text }) => {
      const edited = CLAMP.slice(0, start) + text + CLAMP.slice(end)
      return Object.entries(of).find(([part]) => edited.includes(part))?.[1] ?? 'fails'
    })
    return { how: 'tried', by: 'fake', words, ms: 1000, dropped: 0, behaviour: [] }
  }
  return { asked, validate }
}

function trying(passes: (text: string) => boolean) {
  const tried: string[] = []
  return {
    tried,
    trial: async (edits: ReadonlyMap<string, Uint8Array>) => {
      const text = new TextDecoder().decode(edits.get('clamp.js'))
      tried.push(text)
      return passes(text)
    },
  }
}

test('only what passes in the process is run with the whole command', async (t) => {
  const { validate } = saying({ '? high :': 'passes' })
  const { tried, trial } = trying((text) => text.includes('? high :'))
  const request = requestFor(FILES, { validate, trial })
  const answer = await (await open()).propose(request)
  if (answer.how !== 'edits') return t.fail(JSON.stringify(answer))
  t.deepEqual(tried, [CLAMP.replace('? low', '? high')])
  t.regex(answer.note, /^search: tried \d+ candidates in one process, \d+ a second; clamp\.js line 3: low → high$/)
  t.is(
    request.said[0],
    'search: 0.5 s a run: 20 s allow about 40 candidates; in one process, if it works here, many more',
  )
  t.is(request.said[1], 'search: best guess clamp.js line 2: < → <=, 20 s left')
  t.regex(
    request.said.slice(2).join('\n'),
    /^search: \d+ candidates tried in one process of fake, \d+ a second; 1 pass$/,
  )
})

test('what passes in the process alone is no answer; it is counted, and what the process refuted is tried last', async (t) => {
  const { validate } = saying({ '? high :': 'passes', '<= low': 'slow' })
  const { tried, trial } = trying((text) => text.includes('x >= high'))
  const answer = await (await open()).propose(requestFor(FILES, { validate, trial }))
  t.is(answer.how, 'edits', JSON.stringify(answer))
  t.true(tried[0]?.includes('? high :'))
  t.true(tried[1]?.includes('<= low'), 'what was slow comes before what failed')
  t.true(tried.at(-1)?.includes('x >= high'))
  const never = await (await open()).propose(requestFor(FILES, { validate, trial: async () => false }))
  t.regex(never.how === 'nothing' ? never.reason : '', /; 1 passed in one process, but not with the whole command$/)
})

test('of those that the process refuted, the whole command runs for a few only, and then the search ends', async (t) => {
  const { validate } = saying({})
  const { tried, trial } = trying(() => false)
  const answer = await (await open()).propose(requestFor(FILES, { validate, trial }))
  t.regex(answer.how === 'nothing' ? answer.reason : '', /none passed; the search knows nothing else to try here$/)
  t.is(tried.length, 20)
})

test('one process that fails after another one worked is no reason to give up', async (t) => {
  const { validate } = saying({ '? high :': 'passes' })
  let asked = 0
  const { trial } = trying((text) => text.includes('x <= high'))
  const request = requestFor(FILES, {
    trial,
    validate: async (candidates) => {
      asked++
      const all = await validate(candidates)
      if (asked === 2) return { how: 'cannot', reason: 'it is tired' }
      return all.how === 'tried' && asked === 1 ? { ...all, words: all.words.slice(0, 5) } : all
    },
  })
  await (await open()).propose(request)
  t.true(asked > 2)
  t.notRegex(request.said.join('\n'), /it is tired/)
})

test('before it starts, the search says how many candidates its time allows', async (t) => {
  const slow = { wholeMs: 30_000, failingMs: 400 }
  const budget = { ms: 600_000, searchMs: 60_000, tokens: null, candidates: 1000 }
  const request = requestFor({}, { trialCosts: async () => slow, budget })
  await (await open()).propose({ ...request, files: requestFor(FILES).files, trial: async () => true })
  t.is(
    request.said[0],
    'search: 30 s a run: 60 s allow about 2 candidates; the failing tests alone take 0.4 s: about 150 candidates',
  )
})

test('a change that only removes something comes after others that pass, and those are told', async (t) => {
  const all = saying({ function: 'passes' })
  const { tried, trial } = trying(() => true)
  const answer = await (await open()).propose(requestFor(FILES, { validate: all.validate, trial }))
  t.is(answer.how === 'edits' ? typeof answer.remark : '', 'string')
  t.regex(answer.how === 'edits' ? (answer.remark ?? '') : '', /^the tests do not tell this change from others/)
  t.is(tried.length, 1)
  t.true((tried[0]?.length ?? 0) >= CLAMP.length)
})

test('without a process the whole command runs for each, and the reason is told once', async (t) => {
  let asked = 0
  const validate = async (): Promise<ValidationResult> => {
    asked++
    return { how: 'cannot', reason: 'it is tired' }
  }
  const { trial } = trying(() => false)
  const request = requestFor(FILES, { validate, trial })
  const proposer = await open()
  await proposer.propose(request)
  await proposer.propose(request)
  t.is(asked, 1)
  t.is(request.said.filter((line) => line.includes('because it is tired')).length, 1)
})

test('a further request gets the next one that passes, without trying anything again', async (t) => {
  const { asked, validate } = saying({ '? high :': 'passes', 'x >= high': 'passes' })
  const { tried, trial } = trying(() => true)
  const proposer = await open()
  await proposer.propose(requestFor(FILES, { validate, trial }))
  const second = await proposer.propose(requestFor(FILES, { validate, trial }))
  t.is(second.how, 'edits')
  t.is(asked.length, 1)
  t.is(new Set(tried).size, 2)
})

test('of those that pass, the group that does the same for further inputs comes first, and the others are told', async (t) => {
  const parts = ['? high :', 'x >= high', 'x != high']
  const plain = saying(Object.fromEntries(parts.map((part) => [part, 'passes' as const])))
  const does = (text: string) => (text.includes('? high :') ? ['one', 'two'] : ['one', 'three'])
  const validate = async (candidates: readonly CandidateEdit[]): Promise<ValidationResult> => {
    const result = await plain.validate(candidates)
    const behaviour = candidates.map(({ start, end, text }) => does(CLAMP.slice(0, start) + text + CLAMP.slice(end)))
    return result.how === 'tried' ? { ...result, behaviour } : result
  }
  const { tried, trial } = trying(() => true)
  const answer = await (await open()).propose(requestFor(FILES, { validate, trial }))
  t.regex(tried[0] ?? '', /x >= high|x != high/)
  t.regex(
    answer.how === 'edits' ? (answer.remark ?? '') : '',
    /^the tests do not tell this change from others that pass as well, and that do something else for other inputs: clamp\.js line 3: low → high$/,
  )
})
