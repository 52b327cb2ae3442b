import test from 'ava'
import { type AskedCode, askedPart } from '../../../../src/engine/core/context/asked-code.ts'
import { askedNames } from '../../../../src/engine/core/context/asked-names.ts'

const VISIBLE = ['src/calc.py', 'src/lib/calc.py', 'src/scale.py', 'README.md', 'Makefile']

test('files are named by their paths, with a line, or by an end that only one has', (t) => {
  const { places, missing } = askedNames('I need src/calc.py:12, `./README.md` and scale.py.', VISIBLE)
  t.deepEqual(places, [
    { path: 'src/calc.py', line: 12 },
    { path: 'README.md', line: null },
    { path: 'src/scale.py', line: null },
  ])
  t.deepEqual(missing, [])
})

test('what may not be shown, what is not there and what is ambiguous are missing alike', (t) => {
  const { places, missing } = askedNames('Show me config/secrets.py, no.py and calc.py, e.g. at 1.5.', VISIBLE)
  t.deepEqual(places, [])
  t.deepEqual(missing, ['config/secrets.py', 'no.py', 'calc.py'])
})

test('functions are named in code marks, by a call, or as a function', (t) => {
  const { names } = askedNames('What does `Scale.apply` do, and round_up()? I cannot see the function total.', VISIBLE)
  t.deepEqual(names, ['apply', 'round_up', 'total'])
})

const text = 'def a():\n    return 1\n\n\ndef b():\n    return 2\n'
const asked = (more: Partial<AskedCode>): AskedCode => ({
  places: [],
  texts: new Map([['a.py', text]]),
  missing: [],
  ...more,
})

test('a function that was asked for is shown alone, marked as data', (t) => {
  const slice = { name: 'b', start: 5, headEnd: 5, end: 6 }
  const part = askedPart([asked({ places: [{ path: 'a.py', line: null, slice }] })], 1000)
  t.regex(part, /^You asked to see this:\n\na\.py:\n<<<FILE [0-9a-f]{12}\n/)
  t.regex(part, /5\| def b\(\):\n 6\| {5}return 2/)
  t.false(part.includes('def a'))
})

test('what does not fit is left out, and what is missing is named without a reason', (t) => {
  const part = askedPart([asked({ places: [{ path: 'a.py', line: 2, slice: null }], missing: ['.env'] })], 20)
  t.is(part, 'Not available: .env')
  t.is(askedPart([], 1000), '')
})
