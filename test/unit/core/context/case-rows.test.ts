import test from 'ava'
import { dataOfTests } from '../../../../src/engine/core/context/case-data.ts'
import { caseRows } from '../../../../src/engine/core/context/case-rows.ts'
import { packContext } from '../../../../src/engine/core/context/pack.ts'

const TABLE = ['cases = [', '    (1, 2, 3),', '    (2, 3, 6),', '    (4, 4, 8),', ']'].join('\n')

test('the row of a parametrised case is the one with all values of its id', (t) => {
  t.deepEqual(caseRows(TABLE, [{ id: 'test_a.py::test_add[2-3-6]' }]), [3])
  t.deepEqual(caseRows(TABLE, [{ id: 'sum > adds 4 and 4 to 8' }]), [])
  t.deepEqual(
    caseRows(TABLE, [{ id: 'test_a.py::test_add[2-3-6]' }], (line) => line !== 3),
    [],
  )
})

test('the part of a file of data is the one with a word that hardly any other line has', (t) => {
  const lines = Array.from({ length: 100 }, (_, at) => `name${at},${at * 7},plain`)
  t.deepEqual(caseRows(lines.join('\n'), [{ id: 'test_a.py::test_rate[name42]' }]), [43])
  t.deepEqual(caseRows(lines.join('\n'), [{ id: 'test_all', message: 'assert 693 == 692' }]), [100])
  t.deepEqual(caseRows(lines.join('\n'), [{ id: 'test_all', message: 'plain assertion failed' }]), [])
})

test('of the files that all tests opened, those count that the failing test names', (t) => {
  const reads = [
    { path: 'a.json', by: 'src/load.py' },
    { path: 'keys/b.json', by: 'test_a.py' },
    { path: 'keys/c.json', by: 'test_a.py' },
  ]
  const own = new Set(['test_a.py'])
  t.deepEqual(dataOfTests(reads, { own, source: 'load("c.json")' }), ['keys/c.json'])
  t.deepEqual(dataOfTests(reads, { own, source: 'load(name)' }), ['keys/b.json', 'keys/c.json', 'a.json'])
})

test('the rows of the failing case and of its data stand beside its test', (t) => {
  const filler = Array.from({ length: 60 }, (_, at) => `x${at} = ${at}`).join('\n')
  const source = `${TABLE}\n${filler}\n\ndef test_add(a, b, c):\n    assert add(a, b) == c\n`
  const start = source.split('\n').indexOf('def test_add(a, b, c):') + 1
  const data = Array.from({ length: 90 }, (_, at) => `{"key": "row${at}", "value": ${at}}`).join('\n')
  const text = packContext(
    {
      ...{ failures: [{ id: 'test_a.py::test_add[2-3-6]' }, { id: 'test_a.py::test_row[row77]' }], output: '' },
      tests: [
        { path: 'test_a.py', line: null, slice: { name: 'test_add', start, headEnd: start, end: start + 1 } as never },
      ],
      ...{ data: ['rows.jsonl'], ranked: [], paths: ['test_a.py'], functions: new Map(), isTest: () => true },
      texts: new Map([
        ['test_a.py', source],
        ['rows.jsonl', data],
      ]),
      ...{ traced: false, ran: () => new Set<number>() },
    },
    4000,
  )
  t.regex(text, /> ?3\| {5}\(2, 3, 6\),/)
  t.regex(text, />78\| \{"key": "row77"/)
  t.notRegex(text, /row60|x30 = 30/)
})
