import test from 'ava'
import { edits, running } from '../../../support/fakes.ts'
import { type Program, tests } from '../../../support/sandbox.ts'

/** A file of twenty lines; the test asks for what the second one says. */
const lines = (...changed: readonly (readonly [at: number, text: string])[]) =>
  Array.from({ length: 20 }, (_, at) => changed.find(([one]) => one === at)?.[1] ?? `line ${at}`)
    .map((line) => `${line}\n`)
    .join('')
const base = { 'calc.js': lines(), 'test/calc.test.js': 'adds: calc.js has right\n' }
const once = 'policy: {verify: {runs: 1}}'

test('what is not needed is taken out, hunk by hunk', async (t) => {
  const result = await running({ base, policy: once }, edits({ 'calc.js': lines([1, 'right'], [17, 'needless']) }))
  t.like(result, { verdict: 'PROVED', minimal: 'shown' })
  t.regex(result.patch ?? '', /^\+right$/m)
  t.notRegex(result.patch ?? '', /needless/)
})

test('what is not needed is taken out within a hunk, too', async (t) => {
  const result = await running({ base, policy: once }, edits({ 'calc.js': lines([1, 'right'], [4, 'needless']) }))
  t.notRegex(result.patch ?? '', /needless/)
})

test('a change of one piece is minimal without a run', async (t) => {
  const result = await running({ base, policy: once }, edits({ 'calc.js': lines([1, 'right']) }))
  t.is(result.minimal, 'shown')
  t.false(result.runs.some(({ on }) => on === 'minimise'))
})

test('a change of which every piece is needed stays whole', async (t) => {
  const both = { ...base, 'test/calc.test.js': 'adds: calc.js has right\nhalves: calc.js has even\n' }
  const result = await running({ base: both, policy: once }, edits({ 'calc.js': lines([1, 'right'], [17, 'even']) }))
  t.like(result, { verdict: 'PROVED', minimal: 'shown', flipped: ['adds', 'halves'] })
  t.regex(result.patch ?? '', /^\+right$[\s\S]*^\+even$/m)
})

test('where the probes are spent the smallest change so far is kept, and said not to be finished', async (t) => {
  const many = Array.from({ length: 60 }, (_, at) => `piece ${at}`)
  const text = (words: readonly string[]) => words.map((word) => `${word}\n${'same\n'.repeat(8)}`).join('')
  const asked = many
    .slice(0, 40)
    .map((word, at) => `test ${at}: calc.js has ${word}\n`)
    .join('')
  const story = { base: { 'calc.js': text(many.map(() => 'old')), 'test/calc.test.js': asked }, policy: once }
  const result = await running(story, edits({ 'calc.js': text(many) }))
  t.like(result, { verdict: 'PROVED', minimal: 'not finished' })
  t.is(result.runs.filter(({ on }) => on === 'minimise').length, 64)
})

test('where the smaller change does not stand the proof, the whole one is proved', async (t) => {
  const text = lines([1, 'right'], [17, 'steady'])
  const command: Program = (run) => {
    const { 'calc.js': file = '' } = run.files
    return file.includes('right') && !file.includes('steady') && run.nth > 1
      ? { ended: 1, output: 'not ok adds: later\n' }
      : tests(run)
  }
  const result = await running({ base, policy: 'policy: {verify: {runs: 2}}', command }, edits({ 'calc.js': text }))
  t.like(result, { verdict: 'PROVED', minimal: 'not finished' })
  t.regex(result.patch ?? '', /^\+steady$/m)
})

test('where it is not asked for nothing is taken out', async (t) => {
  const policy = 'policy: {minimize: false, verify: {runs: 1}}'
  const result = await running({ base, policy }, edits({ 'calc.js': lines([1, 'right'], [17, 'needless']) }))
  t.like(result, { verdict: 'PROVED', minimal: 'not asked' })
  t.regex(result.patch ?? '', /needless/)
})

test('a part of the change with which the command does not end is not waited for', async (t) => {
  const command: Program = (run) => ({ ...tests(run), takesMs: tests(run).ended === 0 || run.nth === 1 ? 10 : 700_000 })
  const text = lines([1, 'right'], [17, 'even'])
  const both = { ...base, 'test/calc.test.js': 'adds: calc.js has right\nhalves: calc.js has even\n' }
  const result = await running({ base: both, policy: once, command }, edits({ 'calc.js': text }))
  const probes = result.runs.filter(({ on }) => on === 'minimise')
  t.true(probes.length > 0)
  t.true(probes.every(({ durationMs }) => durationMs <= 10_000))
})
