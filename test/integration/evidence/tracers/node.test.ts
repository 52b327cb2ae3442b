import test from 'ava'
import { readsOf } from '../../../../src/engine/evidence/tracers/lib/node-reads.ts'
import { sourceMapSegments } from '../../../../src/engine/evidence/tracers/lib/source-map.ts'
import node from '../../../../src/engine/evidence/tracers/node.ts'
import type { Trace } from '../../../../src/engine/model/trace.ts'
import { ran, traced, tracked } from './ground.ts'

const CALC = `export function add(a, b) {
  if (a > 3) {
    return a
  }
  return a - b
}

export const one = (x) => x
`
const suite = (title: string, code: string) =>
  `import test from 'node:test'\nimport assert from 'node:assert'\nimport * as calc from './calc.mjs'\ntest('${title}', () => {\n  ${code}\n})\n`

test('each process of node:test has its own lines', async (t) => {
  const files = {
    'calc.mjs': CALC,
    'a.test.mjs': suite('adds', 'assert.equal(calc.add(1, 2), 3)'),
    'b.test.mjs': suite('ones', 'assert.equal(calc.one(1), 1)'),
  }
  const { trace } = await traced(t, node, files, [process.execPath, '--test', 'a.test.mjs', 'b.test.mjs'])
  const lines = (file: string) =>
    (trace?.spectra ?? []).find((one) => one.lines.has(file))?.lines.get('calc.mjs') ?? new Set()
  t.deepEqual([...lines('a.test.mjs')], [1, 2, 5, 6])
  t.deepEqual([...lines('b.test.mjs')], [8])
})

const SPIN = `const spin = (n) => {
  let i = 0
  while (i >= 0) {
    i = n
  }
  return i
}
const never = () => 1
function main() {
  return spin(1)
}
main()
`

test('a process that hangs in a loop leaves what ran and where it stood', async (t) => {
  const { trace } = await traced(t, node, { 'main.cjs': SPIN }, [process.execPath, 'main.cjs'], { endsAfterMs: 8000 })
  const lines = [...(trace?.spectra[0]?.lines.get('main.cjs') ?? [])]
  // Of the functions that call it, V8 does not tell yet that they ran.
  t.true([1, 2, 3, 4, 5, 10].every((line) => lines.includes(line)) && !lines.includes(6) && !lines.includes(8))
  const [inner, ...outer] = trace?.frames ?? []
  t.is(inner?.path, 'main.cjs')
  t.true([3, 4].includes(inner?.line ?? 0))
  t.deepEqual(outer, [
    { path: 'main.cjs', line: 10 },
    { path: 'main.cjs', line: 12 },
  ])
})

test('two reports of one process are one process', async (t) => {
  const report = (from: number, to: number) =>
    new TextEncoder().encode(
      JSON.stringify({
        result: [
          {
            url: 'file:///r/a.js',
            functions: [{ functionName: 'f', ranges: [{ startOffset: from, endOffset: to, count: 1 }] }],
          },
        ],
      }),
    )
  const reports = new Map([
    ['coverage-7-0-0.json', report(0, 1)],
    ['coverage-7-1700000000000-0.json', report(2, 3)],
    ['coverage-8-1700000000000-0.json', report(4, 5)],
  ])
  const trace = await node.read(reports, tracked({ 'a.js': 'a\nb\nc\n' }), { root: '/r' })
  t.deepEqual(
    trace?.spectra.map(({ lines }) => [...(lines.get('a.js') ?? [])]),
    [[1, 2], [3]],
  )
})

test('translated code is told in lines of its source', async (t) => {
  const source = `export function two(n: number): number {\n  if (n > 10) {\n    return 7\n  }\n  return n\n}\n`
  const code = 'export function two(n){if(n>10){return 7}return n}'
  // Columns 7, 23, 32 and 41 of the one line are lines 1, 2, 3 and 5 of the source.
  const map = { version: 3, sources: ['two.ts'], names: [], mappings: 'OAAA,gBACE,SACE,SAEF' }
  const comment = `//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`
  const files = {
    'two.ts': source,
    'two.mjs': `${code}\n${comment}\n`,
    'main.mjs': "import { two } from './two.mjs'\ntwo(1)\n",
  }
  const { trace } = await traced(t, node, files, [process.execPath, 'main.mjs'])
  t.deepEqual(ran(trace, 'two.ts'), { '(all)': [true, 1, 2, 5] })
})

test('the numbers of a source map go on from line to line', (t) => {
  t.deepEqual(sourceMapSegments('AAAA,IAEC;AACA', [10, 5]), [
    { offset: 0, source: 0, line: 1 },
    { offset: 4, source: 0, line: 3 },
    { offset: 11, source: 0, line: 4 },
  ])
})

test('a report that was cut short says nothing', async (t) => {
  const reports = new Map([['coverage-1-2-0.json', new TextEncoder().encode('{"result": [{"scr')]])
  t.deepEqual(await node.read(reports, tracked({}), { root: '/r' }), {
    ...{ spectra: [], loaded: [], before: new Map() },
    ...{ reads: [], calledByRunner: [], frames: [] },
  })
  t.is(await node.read(new Map(), tracked({}), { root: '/r' }), null)
})

const reads = (trace: Trace | null) =>
  [...new Set((trace?.reads ?? []).map(({ path, by }) => `${by} reads ${path}`))].sort()

test('with Node, a file that is read belongs to the code of the project that is nearest to the call', async (t) => {
  const files = {
    'vectors/add.json': '[[1, 2, 3]]',
    'vectors/more.json': '[]',
    'views/mail.html': '<p>',
    'table.csv': '1\n',
    'late.txt': 'x',
    'mail.cjs':
      "const fs = require('fs')\nmodule.exports = () => fs.readFileSync(__dirname + '/views/mail.html', 'utf8')\n",
    'helpers.mjs':
      "import { readFile } from 'node:fs/promises'\nexport const rows = () => readFile(new URL('table.csv', import.meta.url))\n",
    'node_modules/load/index.js': "module.exports = (path) => require('fs').readFileSync(path)\n",
    'mail.test.mjs': `import test from 'node:test'
import { createReadStream, openSync, closeSync, writeFileSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import load from 'load'
import mail from './mail.cjs'
import { rows } from './helpers.mjs'
test('mails', async () => {
  load('vectors/add.json')
  createRequire(import.meta.url)('./vectors/more.json')
  closeSync(openSync('out.txt', 'w'))
  writeFileSync('other.txt', '')
  await rows()
  for await (const part of createReadStream('late.txt')) part.toString()
  if (mail() !== 'x') throw new Error('wrong ' + typeof readFileSync)
})
`,
  }
  const { trace, output } = await traced(t, node, files, [process.execPath, '--test', 'mail.test.mjs'])
  const data = reads(trace).filter((line) => !/js$/.test(line))
  t.deepEqual(
    data,
    [
      'helpers.mjs reads table.csv',
      'mail.cjs reads views/mail.html',
      'mail.test.mjs reads late.txt',
      'mail.test.mjs reads vectors/add.json',
      'mail.test.mjs reads vectors/more.json',
    ],
    output,
  )
})

test('options of Node that were there still hold, and lines that were cut short say nothing', async (t) => {
  const files = { 'first.cjs': "process.env.FIRST = 'yes'\n", 'main.mjs': 'console.log(process.env.FIRST)\n' }
  const { output } = await traced(t, node, files, [process.execPath, 'main.mjs'], {
    env: { NODE_OPTIONS: '--require ./first.cjs' },
  })
  t.is(output.trim(), 'yes')
  const bytes = new TextEncoder().encode('{"path":"a\\tb","by":"c"}\n{"path":"d","b')
  t.deepEqual(readsOf(new Map([['node-1-0.reads', bytes]])), [{ path: 'a\tb', by: 'c' }])
})
