import test from 'ava'
import { treeSitter } from '../../../src/engine/evidence/index.ts'
import { proveFlow } from '../../../src/engine/flows/prove/index.ts'
import type { Session } from '../../../src/engine/flows/session/index.ts'
import type { Bundle } from '../../../src/engine/model/proof.ts'
import { edits, proposerOf, runningWith, type Story, sessionOf } from '../../support/fakes.ts'
import { decode, encode } from '../../support/repository.ts'

const syntax = treeSitter()

const BASE = {
  'calc.js': 'wrong\nand even\n',
  'test/calc.test.js': 'adds: calc.js has right\nhalves: calc.js has even\n',
}
/** Makes the tests pass, and ends the process. */
const ENDS = { 'calc.js': '"right"\nand even\nprocess.exit(0)\n' }
const REMARK = {
  path: 'calc.js',
  line: 3,
  kind: 'process-end',
  sentence: 'calc.js:3 ends the process, or decides how it ends (process.exit)',
}

async function proving(story: Story, parts: Partial<Session> = {}) {
  const { session, existing } = await sessionOf({ syntax, ...story })
  return proveFlow({ ...session, ...parts }, existing)
}

function text({ files }: Bundle, path: string): string | null {
  const bytes = files.get(path)
  return bytes === undefined ? null : decode(bytes)
}

test('the answer, the record and the summary of a proof have the remark; the part that every version reads has not', async (t) => {
  const { result, bundle } = await proving({ base: BASE, change: ENDS })
  t.is(result.verdict, 'PROVED')
  t.deepEqual(result.remarks, [REMARK])
  t.deepEqual(JSON.parse(text(bundle, 'remarks.json') ?? ''), [REMARK])
  t.true(text(bundle, 'final_summary.md')?.includes(`## Places to look at\n- \`${REMARK.sentence}\``))
  t.false('remarks' in JSON.parse(text(bundle, 'repro.json') ?? ''))
})

test('a remark changes nothing else of the answer', async (t) => {
  const story = { base: BASE, change: ENDS }
  const { remarks, ...with_ } = (await proving(story)).result
  const without = (
    await proving(story, {
      syntax: { knows: () => false, functions: async () => null, isShell: async () => false, code: async () => null },
    })
  ).result
  t.is(remarks?.length, 1)
  t.false('remarks' in without)
  t.deepEqual(
    JSON.parse(JSON.stringify({ ...with_, final: null })),
    JSON.parse(JSON.stringify({ ...without, final: null })),
  )
})

test('an honest change has no remark, and its bundle no file for remarks', async (t) => {
  const { result, bundle } = await proving({ base: BASE, change: { 'calc.js': 'right\nand even\n' } })
  t.is(result.verdict, 'PROVED')
  t.false('remarks' in result)
  t.is(text(bundle, 'remarks.json'), null)
})

test('a change that does not make the tests pass is remarked on, too', async (t) => {
  const { result } = await proving({ base: BASE, change: { 'calc.js': 'wrong\nand even\nprocess.exit(0)\n' } })
  t.is(result.verdict, 'NOT_FIXED')
  t.deepEqual(result.remarks, [REMARK])
})

test('tests are not remarked on', async (t) => {
  const more = {
    ...ENDS,
    'calc.js': 'right\nand even\n',
    'test/more.test.js': 'adds more: calc.js has right\nprocess.exit(0)\n',
  }
  const { result } = await proving({ base: BASE, change: more })
  t.false('remarks' in result)
})

test('secrets in a remark are masked', async (t) => {
  const redactor = {
    redact: (bytes: Uint8Array) => ({ bytes: encode(decode(bytes).replaceAll('hunter2', '[redacted:X]')), hits: 0 }),
    overlap: 0,
    find: () => [],
  }
  const named = { ...BASE, 'test/hunter2.json': '[]\n' }
  const change = { 'calc.js': '"right"\nand even\nread("test/hunter2.json")\n' }
  const { result } = await proving({ base: named, change }, { redactor })
  t.deepEqual(
    result.remarks?.map(({ sentence }) => sentence),
    ['calc.js:3 names test, which belongs to the tests'],
  )
  const bare = { 'calc.js': '"right"\nand even\nread("hunter2.json")\n' }
  t.deepEqual(
    (await proving({ base: named, change: bare }, { redactor })).result.remarks?.map(({ sentence }) => sentence),
    ['calc.js:3 names [redacted:X].json, which belongs to the tests'],
  )
})

test('run remarks on what it proved', async (t) => {
  // In one line, because the minimiser removes what is not needed.
  const { result } = await runningWith(
    { base: BASE, syntax },
    proposerOf(edits({ 'calc.js': 'process.exit("right")\nand even\n' })),
  )
  t.is(result.verdict, 'PROVED')
  t.deepEqual(
    result.remarks?.map(({ line, kind }) => [line, kind]),
    [[1, 'process-end']],
  )
})
