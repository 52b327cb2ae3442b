import test from 'ava'
import { openRepository } from '../../../src/engine/git/repository.ts'
import { tempRepo } from '../../helpers/repo.ts'
import { open, scratchOf } from '../../unit/git/open.ts'

const FILES = {
  '.gitattributes': '*.dat binary diff=tool\n',
  'docker/compose.yaml': 'password: integration-db\n',
  'blob.dat': Buffer.from('\0password=inside-binary\0'),
  'named-as-word/a.txt': 'xembedded-valuex\n',
}

test('words are found in text, in binary files and in paths, and only as whole words', async (t) => {
  const repo = await tempRepo(t, FILES)
  const repository = await open(t, repo)
  const tree = await repo.git('rev-parse', 'HEAD^{tree}')
  const words = ['integration-db', 'inside-binary', 'named-as-word', 'embedded-value', '-e absent', 'two\nlines', '.*']
  t.deepEqual(await repository.wordsIn(tree, words), new Set(['named-as-word', 'integration-db', 'inside-binary']))
  t.deepEqual(await repository.wordsIn(tree, ['integration-db']), new Set(['integration-db']))
  t.deepEqual(await repository.wordsIn(tree, []), new Set())
})

test('the words do not stand in the arguments of a process', async (t) => {
  const repo = await tempRepo(t, FILES)
  const calls: string[] = []
  const traced = await openRepository({
    cwd: repo.dir,
    env: repo.env,
    scratch: scratchOf(repo),
    trace: (_, args) => {
      calls.push(args.join(' '))
      return () => {}
    },
  })
  t.teardown(() => traced.dispose())
  await traced.wordsIn(await repo.git('rev-parse', 'HEAD^{tree}'), ['integration-db', 'absent-value'])
  t.true(calls.some((line) => line.startsWith('grep')))
  t.false(calls.some((line) => /integration-db|absent-value/.test(line)))
})
