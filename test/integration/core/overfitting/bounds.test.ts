import test from 'ava'
import { addedLines, overfittingRemarks, testTexts } from '../../../../src/engine/core/overfitting/index.ts'
import { treeSitter } from '../../../../src/engine/evidence/index.ts'

const syntax = treeSitter()
/** Of processor time, in ms; what is measured takes about half of it on a machine with nothing else to do. */
const MOST = 2000

const many = (count: number, line: (n: number) => string) => Array.from({ length: count }, (_, n) => line(n)).join('\n')
const TESTS = many(60_000, (n) => `"w${n} v${n}" ${n}`)

const LARGE: readonly (readonly [title: string, path: string, text: string])[] = [
  ['a count in each line', 'a.py', `_n = 0\n\ndef f():\n    global _n\n${'    _n += 1\n'.repeat(24_000)}`],
  ['chains of names', 'a.js', many(120, () => `x${'.a'.repeat(400)}`)],
  ['values of tests in each line', 'a.py', many(7000, (n) => `if x == "w${n} v${n} w${n + 1}": y()`)],
  ['parts of a built-in type', 'a.js', many(13_000, (n) => `Object.a${n} = 1`)],
  ['lists with names', 'a.py', many(10_000, (n) => `x${n} = [${n}, ${n + 1}]`)],
  ['long conditions', 'a.py', many(60, (line) => many(200, (n) => `x == ${line * n}`).replaceAll('\n', ' or '))],
  ['functions in functions', 'a.js', `${'function f() {'.repeat(240)}${'n++;'.repeat(2000)}${'}'.repeat(240)}`],
]

for (const [title, path, text] of LARGE)
  test.serial(`a large change ends soon: ${title}`, async (t) => {
    const after = await syntax.code(path, text)
    if (after === null) return t.fail('the text is not read')
    const started = process.cpuUsage()
    const remarks = overfittingRemarks(
      [{ path, before: after, after, added: addedLines('', text) }],
      testTexts([], [TESTS]),
    )
    const { user, system } = process.cpuUsage(started)
    t.true((user + system) / 1000 < MOST, `${Math.round((user + system) / 1000)} ms`)
    t.true(remarks.length <= 10)
  })

const DATA: readonly (readonly [title: string, text: string])[] = [
  ['a text with very many pieces', `x = [${'1, '.repeat(200_000)}]\n`],
  ['a text that nests very deeply', `x = ${'['.repeat(100_000)}${']'.repeat(100_000)}\n`],
  ['a text over 512 KiB', `# ${'a'.repeat(524_288)}\n`],
]

for (const [title, text] of DATA)
  test.serial(`${title} is data, and not read`, async (t) => {
    t.is(await syntax.code('a.py', text), null)
  })
