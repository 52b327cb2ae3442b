import test from 'ava'
import { readingUnlessFileAbsent } from '../../../../src/engine/flows/measure/absent-files.ts'
import type { TestCase, TestReport } from '../../../../src/engine/model/evidence.ts'
import { repositoryIn } from '../../../support/repository.ts'

const repository = repositoryIn()
const trees = {
  base: repository.tree({ 'i.js': '', 'test/old.js': '' }),
  change: repository.tree({
    'i.js': '',
    'test/old.js': '',
    'test/new.js': '',
    'test/more.js': '',
    'tests/test_new.py': '',
  }),
}
const session = { alsoTree: trees.change, objects: repository.objects }
const reading = { is: 'red' as const, reason: 'exit status 1', failing: [] }

function report(passed: number, ...tests: TestCase[]): TestReport {
  return { runner: 'tap', counts: { passed, failed: tests.length, errors: 0, skipped: 0 }, tests, named: true }
}

async function on(
  tree: keyof typeof trees,
  tests: TestReport | null,
  shell = 'tap test/new.js',
  insteadOf: ReadonlyMap<string, string> = new Map(),
) {
  const target = { name: 'unit', command: { shell }, cwd: '' }
  return (await readingUnlessFileAbsent(session, trees[tree], target, { reading, tests, insteadOf })).is
}

const failed = (id: string, message?: string): TestCase => ({ id, outcome: 'failed', ...(message && { message }) })

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

test('of several missing files each may be told of', async (t) => {
  const both = report(0, failed('test/new.js > ENOENT'), failed('test/more.js > ENOENT'))
  t.is(await on('base', both, 'tap test/new.js test/more.js'), 'invalid')
  t.is(await on('base', both, 'tap test/new.js'), 'red')
})

test('a missing file beside files that pass is told of by its own name, never by a message of a test', async (t) => {
  const both = 'tap test/old.js test/new.js'
  t.is(await on('base', report(3, failed('test/new.js > ENOENT: no such file')), both), 'invalid')
  t.is(await on('base', report(3, failed('adds', 'test/new.js')), both), 'red')
  t.is(await on('base', report(3, failed('test/new.js > ENOENT'), failed('adds')), both), 'red')
})

test('unittest tells of a missing module by the end of its name', async (t) => {
  const command = 'python3 -m unittest tests.test_old tests.test_new'
  const unloadable = new Map([['test_new', 'test_new.']])
  t.is(await on('base', report(1, failed('test_new')), command, unloadable), 'invalid')
  t.is(await on('base', report(1, failed('test_new')), command), 'red')
  t.is(await on('base', report(1, failed('test_old')), command, new Map([['test_old', 'test_old.']])), 'red')
  const alone = report(0, failed('test_new', "ModuleNotFoundError: No module named 'tests.test_new'"))
  t.is(await on('base', alone, 'python3 -m unittest tests.test_new'), 'invalid')
})
