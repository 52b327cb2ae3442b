import test from 'ava'
import { findRenamedTests, functionOf } from '../../../../src/engine/core/verdict/renamed-tests.ts'
import { movesOf } from '../../../../src/engine/core/verdict/test-name-moves.ts'

/** Two lines come in at the top; the last docstring of three is taken out, and another is put in its place. */
const OLD = 'def a():\n    """a"""\n\ndef b():\n    """b"""\n\ndef c():\n    """c"""\n'
const MOVES = movesOf([
  { path: 'src/shop.py', before: OLD, after: `import os\n\n${OLD.replace('"""c"""', '"""d"""')}` },
  { path: 'old.py', before: 'x', after: null },
  { path: 'new.py', before: null, after: 'x' },
])

const failing = (id: string) => ({ id, failed: true })
const passing = (id: string) => ({ id, failed: false })
const look = (missing: ReturnType<typeof failing>[], fresh: string[]) =>
  findRenamedTests(missing, new Set(fresh), MOVES)

test('a line in a name is followed through the change', (t) => {
  const found = look(
    [failing('test_x[shop.py:2]'), passing('test_x[shop.py:5]')],
    ['test_x[shop.py:4]', 'test_x[shop.py:7]'],
  )
  t.deepEqual(found, { ok: true, flipped: ['test_x[shop.py:4]'], same: 1, unsure: [] })
})

test('lines may be counted from 0, stand behind other signs, and name a range', (t) => {
  for (const [was, is] of [
    ['shop.a:1', 'shop.a:3'],
    ['t.py::test_x[shop.py-2]', 't.py::test_x[shop.py-4]'],
    ['src/shop.py - a (line 5)', 'src/shop.py - a (line 7)'],
    ['shop.py#L2-L5 runs', 'shop.py#L4-L7 runs'],
    ["t.py::test_x[('src/shop.py', 2)]", "t.py::test_x[('src/shop.py', 4)]"],
  ] as const)
    t.true(look([failing(was)], [is]).ok, was)
})

test('a line that is changed or taken out is not found, whatever comes in its place', (t) => {
  t.deepEqual(look([failing('test_x[shop.py:8]')], ['test_x[shop.py:10]']), {
    ok: false,
    reason: 'test vanished: test_x[shop.py:8]',
  })
})

test('a number that is a value and no line does not stand for another', (t) => {
  t.false(look([failing('test_add[2-3-5]')], ['test_add[2-3--1]']).ok)
  t.false(look([failing('waits 100 ms')], ['waits 200 ms']).ok)
  t.false(look([failing('test_x[other.py:2]')], ['test_x[other.py:4]']).ok)
})

test('addresses in names differ from run to run', (t) => {
  t.true(look([failing('test_x[<f at 0x7f01>]')], ['test_x[<f at 0x7e99>]']).ok)
})

test('tests that passed may go by their number, function by function, and that is said', (t) => {
  const found = look([passing('t.py::test_x[a]'), passing('t.py::test_x[b]')], ['t.py::test_x[c]', 't.py::test_x[d]'])
  t.deepEqual(found, {
    ok: true,
    flipped: [],
    same: 2,
    unsure: ['the names of 2 tests of t.py::test_x: only their number was compared'],
  })
  t.false(look([passing('t.py::test_x[a]'), passing('t.py::test_x[b]')], ['t.py::test_x[c]']).ok)
  t.false(look([passing('t.py::test_strict')], ['t.py::test_true']).ok)
  t.false(look([passing('t.py::test_strict[a]')], ['t.py::test_true[a]']).ok)
})

test('a case of a product file follows its new name, and passes away with it', (t) => {
  t.true(look([failing('t.py::test_doc[old.py]')], ['t.py::test_doc[new.py]']).ok)
  t.false(look([failing('t.py::test_doc[old.py]')], []).ok)
  const found = look([passing('t.py::test_doc[old.py]')], [])
  t.deepEqual(found.ok && found.unsure, ['1 test of t.py::test_doc: the product files that they tested were removed'])
})

test('the function of a test in several runners', (t) => {
  t.is(functionOf('t.py::Test::test_x[a[0]-b]'), 't.py::Test::test_x')
  t.is(functionOf('example.com/m/pkg.TestAdd/two_and_three'), 'example.com/m/pkg.TestAdd')
  t.is(functionOf('test_add (tests.test_calc.Calc) (a=2)'), 'test_add (tests.test_calc.Calc)')
  t.is(functionOf("calc > adds 2 and 'x'"), "calc > adds 0 and ''")
})
