import test from 'ava'
import goTest from '../../../src/engine/evidence/runners/go-test.ts'
import { ids, recorded } from './recorded.ts'

const read = (name: string) => goTest.read(recorded(name).text)
const invalid = (name: string) => goTest.invalid(recorded(name).text, recorded(name).execution)

test('without -v the failures are named and the packages are counted', (t) => {
  const report = read('go-default')
  t.like(report, { counts: { passed: 0, failed: 2, errors: 0, skipped: 0 }, named: false })
  t.deepEqual(ids(report, 'failed'), [
    'example.com/demo/calc.TestAdd',
    'example.com/demo/calc.TestTable',
    'example.com/demo/calc.TestTable/case#01',
    'example.com/demo/more.TestPanic',
  ])
  t.is(read('go-passed')?.counts.passed, 1)
})

test('-v and -json name every test', (t) => {
  t.like(read('go-v'), { counts: { passed: 3, failed: 4, errors: 0, skipped: 1 }, named: true })
  t.like(read('go-json'), { counts: { passed: 2, failed: 3, errors: 0, skipped: 1 }, named: true })
  t.deepEqual(ids(read('go-json'), 'skipped'), ['example.com/demo/calc.TestSlow'])
})

test('a failure has its first log line or its panic', (t) => {
  for (const name of ['go-default', 'go-v', 'go-json'])
    t.like(
      read(name)?.tests.find(({ id }) => id.endsWith('.TestAdd')),
      { message: 'Add(2, 3) = -1, want 5', file: 'calc_test.go', line: 13 },
    )
  t.is(read('go-v')?.tests.at(-1)?.message, 'panic: runtime error: index out of range [1] with length 1')
})

test('a package that does not build is an error', (t) => {
  t.deepEqual(ids(read('go-build'), 'error'), ['example.com/demo/bad'])
  t.is(invalid('go-build'), null)
})

test('a package that is not there says nothing about a bug', (t) => {
  t.regex(invalid('go-missing')?.reason ?? '', /directory not found/)
  t.regex(invalid('go-usage')?.reason ?? '', /no Go files in/)
  t.regex(invalid('go-outside')?.reason ?? '', /does not contain main module/)
  t.is(invalid('go-default'), null)
})

test('a run of no tests is worth nothing, though it ends well', (t) => {
  t.is(invalid('go-none')?.reason, 'go test found no tests')
  t.is(invalid('go-norun')?.reason, 'go test found no tests')
  t.is(invalid('go-passed'), null)
})

test('a failing test is added to a test file, under its name for the package testing', (t) => {
  const text = 'package a\n\nimport (\n\t"os"\n\ttt "testing"\n)\n'
  t.is(goTest.addFailingTest('a_test.go', text, 'pp'), `${text}\nfunc Test_pp(t *tt.T) {\n\tt.Fatal("pp")\n}\n`)
  const plain = 'package a\n\nimport "testing"\n'
  t.is(goTest.addFailingTest('a_test.go', plain, 'pp'), `${plain}\nfunc Test_pp(t *testing.T) {\n\tt.Fatal("pp")\n}\n`)
  t.is(goTest.addFailingTest('a.go', plain, 'pp'), null)
  t.is(goTest.addFailingTest('a_test.go', 'package a\n', 'pp'), null)
})
