import test from 'ava'
import { sourceMapSegments } from '../../../../src/engine/evidence/tracers/lib/source-map.ts'
import node from '../../../../src/engine/evidence/tracers/node.ts'
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
    spectra: [],
    loaded: [],
    before: new Map(),
    frames: [],
  })
  t.is(await node.read(new Map(), tracked({}), { root: '/r' }), null)
})
