import test from 'ava'
import { failingTests } from '../../../../src/engine/core/context/failing-tests.ts'
import { type FailureClues, rankFunctions } from '../../../../src/engine/core/context/rank-functions.ts'
import {
  calledNames,
  constantLines,
  importedFiles,
  importLines,
} from '../../../../src/engine/core/context/relations.ts'
import { suspectLines } from '../../../../src/engine/core/context/suspect-lines.ts'
import { suspicionScores, tellsOf, withOutcomes } from '../../../../src/engine/core/context/suspicion-scores.ts'
import type { FunctionSlice, Spectrum } from '../../../../src/engine/model/trace.ts'

const slice = (name: string, start: number, end: number): FunctionSlice => ({ name, start, end, headEnd: start })
const ran = (test: string | null, failed: boolean, lines: Record<string, number[]>): Spectrum => ({
  test,
  failed,
  lines: new Map(Object.entries(lines).map(([path, all]) => [path, new Set(all)])),
})
const CALC = new Map([['calc.py', [slice('add', 1, 4), slice('both', 6, 9), slice('never', 11, 12)]]])
const clues = (more: Partial<FailureClues> = {}): FailureClues => ({
  spectra: [],
  places: [],
  words: new Set(),
  topics: new Set(),
  text: () => '',
  near: new Set(),
  loaded: new Set(),
  before: [],
  ...more,
})
const named = (more: Partial<FailureClues>) =>
  rankFunctions(CALC, clues(more)).ranked.map(({ slice }) => slice?.name ?? '(outside)')

test('what every failing test ran and no other is most suspicious', (t) => {
  const seen = suspicionScores(
    [ran('a', true, { 'calc.py': [2, 7] }), ran('b', true, { 'calc.py': [3] }), ran('c', false, { 'calc.py': [7, 8] })],
    CALC,
    [],
  )
  t.is(seen.ofFunction('calc.py', 0), 1)
  const power = 1 + 0.3
  t.is(seen.ofFunction('calc.py', 1), (0.5 ** 2 / Math.sqrt(2 * 2)) ** power)
  t.is(seen.ofFunction('calc.py', 2), 0)
  t.is(seen.ofLine('calc.py', 2), (0.5 ** 2 / Math.sqrt(2)) ** power)
  t.deepEqual([seen.linesAtTop('calc.py', 0), seen.linesAtTop('calc.py', 1)], [2, 1])
  t.is(seen.ofLine('calc.py', 8), 0)
  t.deepEqual(seen.ran('calc.py'), new Set([2, 7, 3]))
})

test('what ran before the tests counts half, as if each of them had run it', (t) => {
  const spectra = [
    ran('a', true, { 'calc.py': [2] }),
    ...[...'bcd'].map((name) => ran(name, false, { 'calc.py': [3] })),
  ]
  const before = [new Map([['calc.py', new Set([7, 8, 2])]])]
  const seen = suspicionScores(spectra, CALC, before)
  t.is(seen.ofFunction('calc.py', 1), 0.25)
  t.is(seen.ofLine('calc.py', 7), 0.25)
  t.is(seen.ofLine('calc.py', 2), 1)
  t.is(seen.ofFunction('calc.py', 2), 0)
  t.deepEqual(named({ spectra, before }), ['add', 'both'])
})

test('a failing test that ran none of the product does not make the others less telling', (t) => {
  const spectra = [ran('a', true, { 'calc.py': [2] }), ran('around a', true, { 'test_calc.py': [3] })]
  t.is(suspicionScores(spectra, CALC, []).ofFunction('calc.py', 0), 1)
})

test('a trace in which no failing test ran any of the product tells nothing', (t) => {
  const functions = new Map([['src/a.py', []]])
  const spectrum = (failed: boolean, path: string): Spectrum => ({
    test: path,
    failed,
    lines: new Map([[path, new Set([1])]]),
  })
  t.false(tellsOf([spectrum(true, 'test_a.py'), spectrum(false, 'src/a.py')], functions))
  t.true(tellsOf([spectrum(true, 'src/a.py')], functions))
})

test('a line of a nested function belongs to that one', (t) => {
  const nested = new Map([['a.js', [slice('outer', 1, 99), slice('inner', 10, 20)]]])
  const seen = suspicionScores([ran('a', true, { 'a.js': [12] })], nested, [])
  t.deepEqual([seen.ofFunction('a.js', 0), seen.ofFunction('a.js', 1)], [0, 1])
})

test('a process without tests failed if it ran a file of a failing test', (t) => {
  const both = [ran(null, true, { 'a.test.js': [1], 'x.js': [1] }), ran(null, true, { 'b.test.js': [1], 'x.js': [9] })]
  t.deepEqual(
    withOutcomes(both, new Set(['a.test.js'])).map(({ failed }) => failed),
    [true, false],
  )
  t.deepEqual(
    withOutcomes(both, new Set(['c.test.js'])).map(({ failed }) => failed),
    [true, true],
  )
})

test('the score of a function is that of its best line, where nearly all tests enter it', (t) => {
  const spectra = [
    ran('a', true, { 'calc.py': [2, 3, 7] }),
    ...[...'bcd'].map((name) => ran(name, false, { 'calc.py': [2] })),
  ]
  t.deepEqual(named({ spectra: [...spectra, ran('e', false, { 'calc.py': [7] })] }), ['add', 'both'])
})

test('of two equal functions the one that speaks of the same comes first; more lines that ran count a little', (t) => {
  const two = new Map([['a.py', [slice('long', 1, 9), slice('short', 11, 12)]]])
  const order = (lines: number[], more: Partial<FailureClues> = {}) =>
    rankFunctions(two, clues({ spectra: [ran('a', true, { 'a.py': lines })], ...more })).ranked.map(
      ({ slice }) => slice?.name,
    )
  t.deepEqual(order([2, 3, 12]), ['long', 'short'])
  const text = () => `${'x\n'.repeat(10)}def parseLimit():\n  pass\n`
  t.deepEqual(order([2, 12], { text, topics: new Set(['limit']) }), ['short', 'long'])
})

test('of many failing tests, what all of them ran stands out more', (t) => {
  const margin = (failing: number) => {
    const all = Array.from({ length: failing }, (_, at) => ran(`f${at}`, true, { 'calc.py': [2, 7] }))
    const seen = suspicionScores([...all, ran('p', false, { 'calc.py': [7] })], CALC, [])
    const part = Math.sqrt(failing / (failing + 1))
    return Math.log(seen.ofLine('calc.py', 7)) / Math.log(part)
  }
  t.true(Math.abs(margin(1) - 1) < 1e-9)
  t.true(margin(8) > 1.8)
})

test('with a trace, names and places weigh only as much as the code that ran', (t) => {
  const spectra = [ran('a', true, { 'calc.py': [2, 7] }), ran('b', false, { 'calc.py': [7] })]
  t.deepEqual(named({ spectra, places: [{ path: 'calc.py', line: 12, role: 'fail' }], words: new Set(['both']) }), [
    'add',
    'both',
    'never',
  ])
})

test('without a trace the stack decides, then names, then what the failing tests import', (t) => {
  const places = [{ path: 'calc.py', line: 12, role: 'fail' as const }]
  t.deepEqual(named({ places, words: new Set(['both']), near: new Set(['calc.py']) }), [
    'never',
    'both',
    'add',
    '(outside)',
  ])
})

test('where it broke weighs more than a frame on the way there', (t) => {
  const places = [
    { path: 'calc.py', line: 2, role: 'frame' as const },
    { path: 'calc.py', line: 7, role: 'fail' as const },
  ]
  t.deepEqual(named({ places }), ['both', 'add'])
})

test('what nothing points to is not ranked', (t) => {
  t.deepEqual(named({}), [])
})

test('code outside of functions is ranked when the output names its line', (t) => {
  t.deepEqual(named({ places: [{ path: 'calc.py', line: 10 }] }), ['(outside)'])
})

test('the lines of suspicious functions come best first', (t) => {
  const spectra = [ran('a', true, { 'calc.py': [2, 3] }), ran('b', false, { 'calc.py': [2, 7] })]
  const { ranked } = rankFunctions(CALC, clues({ spectra }))
  t.deepEqual(
    suspectLines(ranked).map(({ line }) => line),
    [3, 2],
  )
})

const TESTS = {
  texts: new Map([
    ['tests/test_a.py', 'def test_add():\n    assert add() == 1\n'],
    ['tests/b.test.js', "\ntest('it adds', () => {\n  ok()\n})\n"],
  ]),
  functions: new Map([['tests/test_a.py', [slice('test_add', 1, 2)]]]),
}

test('failing tests are found by the names that runners give them', (t) => {
  const found = (id: string, file?: string) =>
    failingTests([{ id, file }], [], TESTS).map(({ path, slice, line }) => [path, slice?.name ?? null, line])
  t.deepEqual(found('tests/test_a.py::test_add[1-2]'), [['tests/test_a.py', 'test_add', null]])
  t.deepEqual(found('tests.test_a.TestA.test_add'), [['tests/test_a.py', 'test_add', null]])
  t.deepEqual(found('sums > it adds', 'tests/b.test.js'), [['tests/b.test.js', null, 2]])
})

test('where no test is named, the places in test files have to do', (t) => {
  const places = [
    { path: 'calc.py', line: 1 },
    { path: 'tests/test_a.py', line: 2 },
  ]
  t.deepEqual(failingTests([], places, TESTS), [{ path: 'tests/test_a.py', slice: slice('test_add', 1, 2), line: 2 }])
})

test('imports are told by module path and by relative file', (t) => {
  const product = ['src/shop/cart.py', 'lib/index.js', 'src/other.py']
  t.deepEqual(importedFiles('from shop.cart import total\n', 'tests/test_a.py', product), ['src/shop/cart.py'])
  t.deepEqual(importedFiles("import x from '../lib/index.js'\n", 'test/a.test.js', product), ['lib/index.js'])
  t.deepEqual(importedFiles('# nothing imports cart\n', 'tests/test_a.py', []), [])
})

test('import lines go to the end of their brackets', (t) => {
  const text = '"""doc"""\nimport os\nfrom a import (\n    b,\n    c,\n)\n\ndef f():\n    import late\n'
  t.deepEqual(importLines(text, new Set(['os', 'c']), 10), [2, 3, 4, 5, 6])
})

test('imports that bring only names that are not used are left out', (t) => {
  const used = new Set(['first', 'numpy', 'import'])
  const python = 'import os\nfrom numpy import array\nfrom a import first\nfrom b import *\nimport numpy as np\n'
  t.deepEqual(importLines(python, used, 10), [3, 4, 5])
  const node = "import { first } from 'other'\nimport other from 'first'\nimport 'polyfill'\nconst os = require('os')\n"
  t.deepEqual(importLines(node, used, 10), [1, 3])
  t.deepEqual(importLines('#include <stdio.h>\n#include "a.h"\n', used, 10), [1, 2])
  t.deepEqual(importLines('import (\n\t"fmt"\n\t"os"\n)\n', used, 10), [1, 2, 3, 4])
})

test('names before a parenthesis are calls', (t) => {
  t.deepEqual(calledNames('a.push(b, c (d))'), new Set(['push', 'c']))
})

test('lines that give a used name its value are told', (t) => {
  const text =
    'LIMIT = 3\nexport const top: number = 4\n#define MOST 5\nother = 1\ndef f():\n    LIMIT = 2\nif top == 4:\n'
  t.deepEqual(constantLines(text, new Set(['LIMIT', 'top', 'MOST', 'if']), 10), [1, 2, 3])
})

test('what ran outside of functions comes last', (t) => {
  const spectra = [ran('a', true, { 'calc.py': [2] })]
  t.deepEqual(named({ spectra, loaded: new Set(['calc.py']) }), ['add', '(outside)'])
})
