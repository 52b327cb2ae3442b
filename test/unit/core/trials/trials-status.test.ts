import test from 'ava'
import { flakyLine, trialsLine, trialsOf, trialsStatus } from '../../../../src/engine/core/trials/trials-status.ts'

const after = (without: number, change: number, runs: number) =>
  trialsOf({ runs, failed: without }, { runs, failed: change })

test('pairs go on until the two are told apart', (t) => {
  t.is(trialsStatus(after(0, 0, 0), false), 'go on')
  t.is(trialsStatus(after(4, 0, 4), false), 'go on')
  t.is(trialsStatus(after(5, 0, 5), false), 'told apart')
  t.is(trialsStatus(after(6, 0, 20), false), 'go on')
  t.is(trialsStatus(after(7, 0, 20), false), 'told apart')
})

test('one failure with the change ends it, however often it fails without', (t) => {
  t.is(trialsStatus(after(59, 1, 60), false), 'fails with it')
})

test('when no other pair can be run, it is told what is lacking', (t) => {
  t.is(trialsStatus(after(0, 0, 60), true), 'never failed')
  t.is(trialsStatus(after(2, 0, 60), true), 'not told apart')
  t.is(trialsStatus(after(7, 0, 60), true), 'told apart')
})

test('the sentence has both counts and the chance', (t) => {
  t.is(trialsLine(after(7, 0, 20)), 'failed 7 of 20 without the change, 0 of 20 with it (p = 0.004)')
  t.is(trialsLine(after(20, 0, 20)), 'failed 20 of 20 without the change, 0 of 20 with it (p < 0.001)')
  t.is(trialsLine(after(2, 0, 60)), 'failed 2 of 60 without the change, 0 of 60 with it (p = 0.248)')
  t.regex(trialsLine(after(6, 0, 19)), /\(p = 0\.0098\)$/, 'what is below the bound is not shown as the bound')
})

test('the line to type holds the words as they were typed, quoted for a shell', (t) => {
  const words = ['HEAD', "pytest -q 'tests/a b.py'"]
  const typed = { options: ['--runs=1', '--include=.venv', '--each'], words, argv: null }
  t.is(flakyLine(typed), "git pp prove --flaky --include=.venv HEAD 'pytest -q '\\''tests/a b.py'\\'''")
  t.is(flakyLine({ options: [], words: [], argv: ['make', 'check all'] }), "git pp prove --flaky -- make 'check all'")
})

test('a path of this machine stands in no record', (t) => {
  const typed = { options: ['--patch=/home/ann/fix.diff'], words: ['make'], argv: null }
  t.is(flakyLine(typed), 'run the same command again with --flaky')
  t.is(flakyLine({ ...typed, options: ['--key=/home/ann/key'] }), 'git pp prove --flaky make')
})
