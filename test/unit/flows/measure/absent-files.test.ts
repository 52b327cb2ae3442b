import test from 'ava'
import { readingUnlessFileAbsent } from '../../../../src/engine/flows/measure/absent-files.ts'
import type { TestCase, TestReport } from '../../../../src/engine/model/evidence.ts'
import { repositoryIn } from '../../../support/repository.ts'

const repository = repositoryIn()
const trees = {
  base: repository.tree({ 'i.js': '' }),
  change: repository.tree({ 'i.js': '', 'test/new.js': '' }),
}
const session = { alsoTree: trees.change, objects: repository.objects }
const target = { name: 'unit', command: { shell: 'tap test/new.js' }, cwd: '' }
const reading = { is: 'red' as const, reason: 'exit status 1', failing: [] }

function report(passed: number, ...tests: TestCase[]): TestReport {
  return { runner: 'tap', counts: { passed, failed: tests.length, errors: 0, skipped: 0 }, tests, named: true }
}

const on = async (tree: keyof typeof trees, tests: TestReport | null) =>
  (await readingUnlessFileAbsent(session, trees[tree], target, { reading, tests })).is

test('a command that names a file which only the change has was not run on the base', async (t) => {
  t.is(await on('base', null), 'invalid')
  t.is(await on('change', null), 'red')
})

test('a runner that tells of the missing file as of a failing test ran none either', async (t) => {
  const told: TestCase = { id: "ENOENT: no such file, stat 'test/new.js'", outcome: 'failed' }
  t.is(await on('base', report(0, told, { id: 'test/new.js', outcome: 'failed' })), 'invalid')
})

test('where a test passed, or another one failed, it is a red like any other', async (t) => {
  t.is(await on('base', report(1)), 'red')
  t.is(await on('base', report(0, { id: 'adds', outcome: 'failed' })), 'red')
})
