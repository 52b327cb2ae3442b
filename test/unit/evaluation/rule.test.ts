import test from 'ava'
import { isCandidate, refusal, sorted, touchedOf } from '../../../evaluation/real/rule.ts'

const PROJECT = { source: ['src/**'], tests: ['tests/**'], runnable: ['tests/test_*.py'] }

const touched = (path: string, added: number | null = 1, status = 'M') => ({ path, added, removed: 0, status })

test('paths are source, tests or others, and only test files that are there can be run', (t) => {
  const sort = sorted(PROJECT, [
    touched('src/a.py'),
    touched('tests/test_a.py'),
    touched('tests/test_old.py', 0, 'D'),
    touched('tests/data.txt'),
    touched('CHANGES.md'),
  ])
  t.deepEqual(
    sort.source.map(({ path }) => path),
    ['src/a.py'],
  )
  t.is(sort.tests.length, 3)
  t.deepEqual(
    sort.others.map(({ path }) => path),
    ['CHANGES.md'],
  )
  t.deepEqual(sort.runnable, ['tests/test_a.py'])
})

test('a commit without source, or without tests, is no candidate', (t) => {
  t.false(isCandidate(sorted(PROJECT, [touched('src/a.py'), touched('README.md')])))
  t.false(isCandidate(sorted(PROJECT, [touched('tests/test_a.py')])))
  t.true(isCandidate(sorted(PROJECT, [touched('src/a.py'), touched('tests/data.txt')])))
})

test('a candidate is refused for a binary file, for too many lines, and without a test file to run', (t) => {
  const of = (...rows: ReturnType<typeof touched>[]) => refusal(sorted(PROJECT, rows))
  t.is(of(touched('src/a.py', 299), touched('tests/test_a.py')), null)
  t.regex(of(touched('src/a.py', 300), touched('tests/test_a.py')) ?? '', /more than 300 lines/)
  t.regex(of(touched('src/a.py'), touched('tests/test_a.py'), touched('logo.png', null)) ?? '', /binary/)
  t.regex(of(touched('src/a.py'), touched('tests/data.txt')) ?? '', /no test file/)
})

test('the rows of diff-tree are read with their status, odd names and binary files included', (t) => {
  const raw = (status: string, path: string) => `:100644 100644 0000000 1111111 ${status}\0${path}\0`
  const output = `${raw('M', 'a b.py')}${raw('D', 'x\ty')}${raw('A', 'l.png')}3\t1\ta b.py\0`.concat('-\t-\tl.png\0')
  t.deepEqual(touchedOf(output), [
    { path: 'a b.py', added: 3, removed: 1, status: 'M' },
    { path: 'l.png', added: null, removed: null, status: 'A' },
  ])
})
