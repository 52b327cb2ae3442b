import test from 'ava'
import fc from 'fast-check'
import type { FailureContext } from '../../../../src/engine/core/context/failure-context.ts'
import { functionExcerpts } from '../../../../src/engine/core/context/function-excerpts.ts'
import { numberedLines, shortenedFunction } from '../../../../src/engine/core/context/lines.ts'
import { mostLikelyFunctions } from '../../../../src/engine/core/context/most-likely-functions.ts'
import { outputEnds, outputExcerpt } from '../../../../src/engine/core/context/output-excerpt.ts'
import { packContext } from '../../../../src/engine/core/context/pack.ts'
import type { RankedFunction } from '../../../../src/engine/core/context/rank-functions.ts'
import type { FunctionSlice } from '../../../../src/engine/model/trace.ts'

const slice = (name: string, start: number, end: number): FunctionSlice => ({ name, start, end, headEnd: start })

test('numbers and marks stand in a gutter, and gaps that take more room than telling of them are told', (t) => {
  const text = `a\nb\nc\nd\n${'a long line of text\n'.repeat(3)}h\ni\n`
  t.is(
    numberedLines(text, { lines: new Set([2, 4, 8]), marked: new Set([4]) }),
    ' 2| b\n 3| c\n>4| d\n..| 3 lines not shown\n 8| h\n 9| i',
  )
})

test('a long function is cut to its head and what matters', (t) => {
  const long = { start: 10, headEnd: 11, end: 110 }
  t.deepEqual(shortenedFunction('', long, [50], 80, 2), [10, 11, 48, 49, 50, 51, 52])
  t.is(shortenedFunction('', { start: 1, headEnd: 1, end: 80 }, [], 80, 2).length, 80)
})

test('of the docstring of a function that is not short the first paragraph is shown', (t) => {
  const doc = '    """Does it.\n\n    At length.\n\n    And more.\n    """\n'
  const text = `def f(a):\n${doc}${'    step(a)\n'.repeat(4)}`
  const whole = { start: 1, headEnd: 1, end: 11 }
  t.deepEqual(shortenedFunction(text, whole, [], 15, 2), [1, 2, 7, 8, 9, 10, 11])
  t.deepEqual(shortenedFunction(text, whole, [9], 6, 1), [1, 8, 9, 10])
  t.is(shortenedFunction(text, whole, [], 30, 2).length, 11)
})

test('a short output is shown as it is', (t) => {
  t.is(outputExcerpt('one\n\n\n\ntwo\n', 100), 'one\n\ntwo')
})

test('of many lines alike the first one is told, and something is told of every output', (t) => {
  const many = Array.from({ length: 500 }, (_, at) => `expected 1 but got ${at}`).join('\n')
  t.regex(outputExcerpt(many, 300), /^expected 1 but got 0$/m)
  const passing = Array.from({ length: 500 }, (_, at) => `ok ${at} passes`).join('\n')
  t.regex(outputExcerpt(passing, 300), /ok 499 passes$/)
})

test('of a long output the telling lines and the end are kept', (t) => {
  const noise = Array.from({ length: 500 }, (_, at) => `building module number ${at}`)
  const output = [...noise, 'E       assert 1 == 2', ...noise, '1 failed in 0.1s'].join('\n')
  const text = outputExcerpt(output, 600)
  t.true(text.length <= 620)
  t.regex(text, /E {7}assert 1 == 2/)
  t.true(text.endsWith('1 failed in 0.1s'))
})

test('of a very long output the beginning and the end are kept for excerpts, in whole lines', (t) => {
  const short = 'one line\n'.repeat(1000)
  t.is(outputEnds(short), short)
  const long = `first\n${'one line\n'.repeat(400_000)}last`
  const ends = outputEnds(long)
  t.true(ends.length < 2_000_100)
  t.regex(ends, /^first\none line\n/)
  t.regex(ends, /\none line\n\[\.\.\. \d+ characters cut \.\.\.\]\none line\n/)
  t.regex(ends, /\none line\nlast$/)
  t.is(outputEnds('x'.repeat(3_000_000)).replaceAll('x', ''), '[... 1000000 characters cut ...]\n')
})

const CALC = 'import os\nBASE = 7\n\ndef add(a, b):\n    return helper(a) - BASE\n\n\ndef helper(a):\n    return a\n'
const LONG = `${CALC}${'\n# filler\n'.repeat(40)}`

function failureContext(more: Partial<FailureContext> = {}): FailureContext {
  const functions = new Map([['calc.py', [slice('add', 4, 5), slice('helper', 8, 9)]]])
  return {
    output: 'assert 1 == 3',
    tests: [{ path: 'test_calc.py', slice: slice('test_add', 3, 4), line: 4 }],
    ranked: [{ path: 'calc.py', slice: slice('add', 4, 5), score: 1, executed: 1, told: 0, lines: new Map([[5, 1]]) }],
    paths: ['calc.py', 'test_calc.py'],
    texts: new Map([
      ['calc.py', LONG],
      ['test_calc.py', 'import calc\n\ndef test_add():\n    assert calc.add(1, 2) == 3\n'],
    ]),
    functions,
    isTest: (path) => path.startsWith('test_'),
    traced: true,
    ran: () => new Set([5]),
    ...more,
  }
}

test('what was said, the failing test and the suspicious function come in this order', (t) => {
  const context = packContext(failureContext(), 4000)
  const order = [
    'assert 1 == 3',
    '>4|     assert calc.add(1, 2) == 3',
    ' 4| def add(a, b):',
    '>5|     return helper(a) - BASE',
  ]
  const places = order.map((text) => context.indexOf(text))
  t.deepEqual(
    [...places].sort((a, b) => a - b),
    places,
  )
  t.false(places.includes(-1), context)
})

test('imports and constants that shown code uses and heads of what it calls come along', (t) => {
  const texts = new Map([...failureContext().texts, ['calc.py', LONG.replace('import os', 'from os import helper')]])
  t.regex(packContext(failureContext({ texts }), 4000), /^ 1\| from os import helper$/m)
  const context = packContext(failureContext(), 4000)
  t.notRegex(context, /import os/)
  t.regex(context, /^ 2\| BASE = 7$/m)
  t.regex(context, /^calc\.py:8: def helper\(a\):$/m)
  t.notRegex(context, / 9\| {5}return a/)
})

test('of further failing tests a first request has their heads and the places of the failures', (t) => {
  const body = (n: number) => `def test_${n}():\n${'    step()\n'.repeat(20)}    assert value == ${n}\n`
  const text = `${body(1)}${body(2)}`
  const tests = [1, 2].map((n) => {
    const start = (n - 1) * 22 + 1
    return { path: 'test_calc.py', slice: slice(`test_${n}`, start, start + 21), line: start + 21 }
  })
  const texts = new Map([...failureContext().texts, ['test_calc.py', text]])
  const context = packContext(failureContext({ texts, tests, ran: () => new Set() }), 4000)
  t.regex(context, /^ 10\| {5}step\(\)$/m)
  t.regex(context, /^ 23\| def test_2\(\):\n\.+\| \d+ lines not shown\n 42\| (?:.*\n){2}>44\| {5}assert value == 2$/m)
  t.regex(packContext(failureContext({ texts, tests, ran: () => new Set() }), 8000), /^ 30\| {5}step\(\)$/m)
})

test('a small file is shown whole', (t) => {
  const texts = new Map([...failureContext().texts, ['calc.py', CALC]])
  t.regex(packContext(failureContext({ texts }), 4000), / 9\| {5}return a/)
})

test('a first request shows of a long function its head and what is around the likely lines, if there is a trace', (t) => {
  const text = `def f():\n${'    pass\n'.repeat(10)}    if deep:\n${'        pass\n'.repeat(38)}`
  const one = slice('f', 1, 50)
  const ranked = [{ path: 'calc.py', slice: one, score: 1, executed: 1, told: 0, lines: new Map([[30, 1]]) }]
  const texts = new Map([['calc.py', text]])
  const seen = (tokens: number, traced = true) =>
    packContext(failureContext({ texts, ranked, traced, ran: () => new Set() }), tokens)
  t.regex(
    seen(4000),
    /^ {2}1\| def f.*\n\.+\| 10 lines not shown\n 12\| .*if deep:\n\.+\| 15 .*\n 28\| (?:.*\n){2}>30\|/m,
  )
  t.regex(seen(4000), /^ 32\| .*\n\.+\| 18 lines not shown$/m)
  t.regex(seen(8000), /^ 40\| /m)
  t.regex(seen(4000, false), /^ 40\| /m)
})

test('of several functions of a called name the heads of those that ran are told', (t) => {
  const functions = new Map([...failureContext().functions, ['other.py', [slice('Other.helper', 1, 2)]]])
  const texts = new Map([...failureContext().texts, ['other.py', '    def helper(self):\n        pass\n']])
  t.regex(packContext(failureContext({ functions, texts }), 4000), /^other\.py:1: def helper\(self\):$/m)
  const ran = (path: string) => new Set(path === 'calc.py' ? [5, 9] : [])
  const context = packContext(failureContext({ functions, texts, ran }), 4000)
  t.regex(context, /^calc\.py:8: def helper\(a\):$/m)
  t.notRegex(context, /^other\.py/m)
})

test('of a function that does not fit, fewer and fewer of the likely lines are shown', (t) => {
  const text = `def long():\n${'    step()\n'.repeat(100)}`
  const long = { start: 1, headEnd: 1, end: 101, name: 'long' }
  const lines = new Map(Array.from({ length: 80 }, (_, at) => [at + 10, at === 40 ? 1 : 0.8] as const))
  const one = { path: 'calc.py', slice: long, score: 1, executed: 1, told: 0, lines }
  const likely = { one, share: 1, lines: [50, ...[...lines.keys()].filter((line) => line !== 50)] }
  const lengths = functionExcerpts(text, likely, { rank: 0, brief: true }).map((all) => all.length)
  t.deepEqual(
    lengths,
    [...lengths].sort((a, b) => b - a),
  )
  t.is(lengths[0], 83)
  t.deepEqual(functionExcerpts(text, { ...likely, lines: [50] }, { rank: 0, brief: true })[0], [1, 48, 49, 50, 51, 52])
  t.is(functionExcerpts(text, likely, { rank: 0, brief: false })[0]?.length, 101)
})

const once = { missed: 1, least: 1 }
const ranks = (...scores: number[]): RankedFunction[] =>
  scores.map((score, at) => ({
    path: 'calc.py',
    slice: slice(`f${at}`, at + 1, at + 1),
    score,
    executed: score,
    told: 0,
    lines: new Map(),
  }))

test('a first rank that stands out is shown alone, and with many alike all of them are', (t) => {
  const shown = (scores: number[]) => mostLikelyFunctions({ ranked: ranks(...scores), traced: true }, once).length
  t.is(shown([1, 0.5, 0.4]), 1)
  t.is(shown([1, 0.9, 0.8, 0.1]), 3)
  t.is(shown([1, 1, 1, 1, 1]), 5)
  t.is(shown(Array<number>(200).fill(1)), 200)
  t.is(shown([]), 0)
})

test('where a function fails counts less than what ran: it may have got the wrong value from another one', (t) => {
  const [caller, callee] = ranks(1.5, 1)
  const ranked = [{ ...caller, told: 0.5 } as RankedFunction, callee as RankedFunction]
  t.is(mostLikelyFunctions({ ranked, traced: true }, once).length, 2)
  t.is(mostLikelyFunctions({ ranked: ranks(1.9, 1), traced: true }, once).length, 1)
})

test('a first request that stays small shows more lines, but no function that is hardly suspicious', (t) => {
  const text = Array.from({ length: 4 }, (_, at) => `def f${at}():\n${'    pass\n'.repeat(29)}`).join('')
  const lines = (at: number) =>
    new Map([
      [30 * at + 9, 1],
      [30 * at + 25, 0.25],
    ])
  const ranked = [1, 0.6, 0.55, 0.4].map((score, at) => ({
    ...{ path: 'calc.py', slice: slice(`f${at}`, 30 * at + 1, 30 * at + 30), score, executed: score, told: 0 },
    lines: lines(at),
  }))
  const texts = new Map([['calc.py', text]])
  t.is(mostLikelyFunctions({ ranked, traced: true }, once).length, 2)
  const context = packContext(failureContext({ texts, ranked, functions: new Map() }), 4000)
  t.regex(context, /^> *9\|/m)
  t.regex(context, /^> *69\|/m)
  t.notRegex(context, /^> *99\|/m)
})

test('a further attempt shows what the first found hardly worth it, and so does one without a trace', (t) => {
  const ranked = ranks(1, 0.7, 0.5)
  t.is(mostLikelyFunctions({ ranked, traced: true }, once).length, 2)
  t.is(mostLikelyFunctions({ ranked, traced: true }, { missed: 0.25, least: 0.25 }).length, 3)
  t.is(mostLikelyFunctions({ ranked: ranks(1, 0.1, 0.1), traced: false }, once).length, 3)
})

test('lines are chosen until most of the suspicion is in, those that are alike together', (t) => {
  const one = (at: number, score: number, lines: readonly (readonly [number, number])[]) => ({
    ...{ path: 'calc.py', slice: slice(`f${at}`, at, at + 9), score, executed: score, told: 0, lines: new Map(lines) },
  })
  const ranked = [
    one(1, 1, [
      [2, 1],
      [3, 0.9],
      [4, 0.9],
      [5, 0.1],
    ]),
    one(11, 0.8, [[12, 1]]),
    one(21, 0.2, [[22, 1]]),
  ]
  t.deepEqual(
    mostLikelyFunctions({ ranked, traced: true }, once).map(({ lines }) => lines),
    [[2, 3, 4], [12]],
  )
})

test('of the imports, a first request shows those that the shown lines use', (t) => {
  const text = `import first\nimport second\n\ndef f():\n${'    pass\n'.repeat(30)}    first.x()\n${'    pass\n'.repeat(30)}    second.y()\n`
  const ranked = [
    { path: 'calc.py', slice: slice('f', 4, 66), score: 1, executed: 1, told: 0, lines: new Map([[35, 1]]) },
  ]
  const texts = new Map([['calc.py', text]])
  const functions = new Map([['calc.py', [slice('f', 4, 66)]]])
  const context = packContext(failureContext({ texts, ranked, functions, ran: () => new Set() }), 4000)
  t.regex(context, /^ +1\| import first$/m)
  t.notRegex(context, /import second\n.*import second|^ +66\|/m)
})

test('a method comes with the line of its class', (t) => {
  const text = `class Other:\n    pass\n\n\nclass Box(Base):\n${'    # filler\n'.repeat(40)}    def get(self):\n        return 1\n`
  const one = slice('Box.get', 46, 47)
  const ranked = [{ path: 'calc.py', slice: one, score: 1, executed: 1, told: 0, lines: new Map([[47, 1]]) }]
  const functions = new Map([['calc.py', [one]]])
  const context = packContext(failureContext({ texts: new Map([['calc.py', text]]), ranked, functions }), 4000)
  t.regex(context, /^ +5\| class Box\(Base\):\n\.+\| 40 lines not shown\n +46\|/m)
})

test('what ran and is not worth showing is named', (t) => {
  const least = {
    path: 'calc.py',
    slice: slice('helper', 8, 9),
    score: 0.1,
    executed: 0.1,
    told: 0,
    lines: new Map<number, number>(),
  }
  const ranked = [...failureContext().ranked, least]
  const context = packContext(failureContext({ ranked, functions: new Map(), ran: () => new Set([5, 9]) }), 4000)
  t.regex(context, /Less suspicious functions, not shown:\n<<<NAMES \w+\ncalc\.py: helper\n/)
  t.notRegex(context, / 8\| def helper/)
  t.notRegex(packContext(failureContext({ ranked, functions: new Map() }), 4000), /<<<NAMES/)
})

test('a wider request shows the whole file', (t) => {
  t.false(packContext(failureContext(), 4000).includes('# filler'))
  t.true(packContext(failureContext(), 8000).includes('# filler'))
})

test('where nothing points to code, files are named', (t) => {
  const context = packContext(failureContext({ output: '', tests: [], ranked: [] }), 4000)
  t.regex(context, /Files:\n<<<FILES \w+\ncalc\.py\ntest_calc\.py\n/)
})

test('a context never exceeds its budget by more than the marks around what was said', (t) => {
  const lines = fc.array(fc.string({ maxLength: 120 }), { maxLength: 300 }).map((all) => all.join('\n'))
  fc.assert(
    fc.property(lines, lines, fc.integer({ min: 200, max: 4000 }), (output, text, tokens) => {
      const texts = new Map([...failureContext().texts, ['calc.py', `${CALC}${text}`]])
      const ranked = [
        { path: 'calc.py', slice: slice('all', 1, 200), score: 1, executed: 1, told: 0, lines: new Map([[5, 1]]) },
      ]
      return packContext(failureContext({ output, texts, ranked }), tokens).length <= tokens * 3.6 + 200
    }),
    { numRuns: 60 },
  )
  t.pass()
})
