import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { addRow, keyOf, type Row, readRows } from '../../../evaluation/real/rows.ts'
import { coverageOf, median, tableOf, wrongIn } from '../../../evaluation/real/table.ts'
import { disagree, failures } from '../../../evaluation/real/ten.ts'

const row = (commit: string, verdict: string, right: boolean): Row => ({
  project: 'one/two',
  commit,
  column: 'fix',
  scope: 'tests',
  runs: '1',
  program: '0.1.0 abc',
  date: '2026-01-01T00:00:00.000Z',
  command: 'make test',
  expected: ['PROVED'],
  outcome: {
    how: 'answered',
    verdict,
    reason: 'a | b',
    right,
    session: null,
    seconds: 4,
    executions: [1, 2],
    remark: null,
  },
})

test('a line counts verdicts, and every wrong one is listed with its reason', (t) => {
  const rows = [
    row('aaaa', 'PROVED', true),
    row('bbbb', 'RIGGED', false),
    { ...row('cccc', '', true), outcome: { how: 'not applicable', why: 'new' } } satisfies Row,
  ]
  const table = tableOf(rows)
  t.true(table.includes('| the fix with its tests | 2 | 1 | 50.0 | 1 PROVED, 1 RIGGED | 1 | 4.0 | 1.0 | 1 |'))
  t.true(table.includes('| one/two `bbbb` | fix | RIGGED | PROVED | a \\| b |'))
  t.is(wrongIn(rows), 1)
  t.true(tableOf([row('aaaa', 'PROVED', true)]).includes('No verdict was wrong.'))
})

test('the coverage says languages, runners and versions of the tool', (t) => {
  const rows = [row('aaaa', 'PROVED', true), row('bbbb', 'FLAKY', false)]
  const coverage = coverageOf(rows, [{ name: 'one/two', language: 'C', runner: 'make' }])
  t.true(coverage.startsWith('2 rows by git-pp 0.1.0 abc.\n'))
  t.true(coverage.includes('| C, make | 1 | 2 | 2 | 1 |'))
})

test('rows are found again by what was asked; the newest counts and a line that was cut off is none', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'pp-rows-'))
  t.teardown(() => rm(dir, { recursive: true }))
  const file = join(dir, 'deep', 'rows.jsonl')
  t.is((await readRows(file)).size, 0)
  await addRow(file, row('aaaa', 'FLAKY', false))
  await addRow(file, row('aaaa', 'PROVED', true))
  await appendFile(file, '{"project":"one')
  const rows = await readRows(file)
  t.is(rows.size, 1)
  const found = rows.get(keyOf(row('aaaa', '', true)))
  t.is(found?.outcome.how === 'answered' && found.outcome.verdict, 'PROVED')
})

test('the median of nothing is a dash', (t) => {
  t.is(median([]), '-')
  t.is(median([3, 1, 2]), '2.0')
})

test('plain runs disagree in status or in what failed, never in numbers', (t) => {
  t.deepEqual(failures('ok 1 a\nnot ok 2 b\nFAILED tests/t.py::x - took 3.5 s\n'), [
    'FAILED tests/t.py::x - took N s',
    'not ok N b',
  ])
  t.false(disagree('10 × green'))
  t.true(disagree('9 × green; 1 × red not ok N b'))
})
