import test from 'ava'
import { tempRepo } from '../../helpers/repo.ts'
import { open } from '../../unit/git/open.ts'

const ask = async (repository: Awaited<ReturnType<typeof open>>, patterns: string) =>
  [...(await repository.ignored(Buffer.from(patterns)))].sort()

test('what is matched and ignored is named, whole directories by their name', async (t) => {
  const repo = await tempRepo(t, { '.gitignore': 'deps/\n*.local\nbuild/\n', 'conf/base.txt': 'x\n' })
  for (const path of [
    'deps/a/1',
    'sub/deps/2',
    'conf/x.local',
    'sub/conf/y.local',
    'build/keep',
    'build/waste/o',
    'open.txt',
  ])
    await repo.write(path, 'x\n')
  const repository = await open(t, repo)
  t.deepEqual(await ask(repository, 'deps/\n*.local\nopen.txt\nbase.txt\n'), [
    'conf/x.local',
    'deps',
    'sub/conf/y.local',
    'sub/deps',
  ])
  t.deepEqual(await ask(repository, 'keep\n'), ['build/keep'])
  t.deepEqual(await ask(repository, '# nothing\n!deps/\n'), [])
})

test('names with blanks, quotes, newlines and brackets are names', async (t) => {
  const repo = await tempRepo(t, { '.gitignore': 'x/\n' })
  const names = ['x/a b', 'x/"q"', 'x/new\nline', 'x/[a]/b', 'x/ü']
  for (const name of [...names, 'x/other']) await repo.write(name, 'x\n')
  t.deepEqual(await ask(await open(t, repo), 'a b\n"q"\nnew*\n\\[a\\]/\nü\n'), [
    'x/"q"',
    'x/[a]',
    'x/a b',
    'x/new\nline',
    'x/ü',
  ])
})
