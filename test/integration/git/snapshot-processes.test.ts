import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { openRepository } from '../../../src/engine/git/repository.ts'
import { type TestRepo, tempRepo } from '../../helpers/repo.ts'
import { scratchOf } from '../../unit/git/open.ts'

const AT = new Date('2025-06-07T08:09:10Z')

/** The words of every git that a snapshot starts, and the tree of the snapshot. */
async function traced(t: ExecutionContext, repo: TestRepo) {
  const calls: string[] = []
  const trace = (_: string, words: readonly string[]) => {
    calls.push(words[0] ?? '')
    return () => {}
  }
  const repository = await openRepository({ cwd: repo.dir, env: repo.env, scratch: scratchOf(repo), trace })
  t.teardown(() => repository.dispose())
  calls.length = 0
  const { tree } = await repository.snapshots.take(() => null, AT)
  return { calls: calls.filter((word) => word !== 'cat-file'), tree }
}

/** What `git add -A` makes of the work tree, in an index of its own. */
async function addedByGit(repo: TestRepo): Promise<string> {
  await fs.copyFile(path.join(repo.dir, '.git/index'), path.join(repo.dir, '.git/index.kept'))
  await repo.git('add', '-A')
  const tree = await repo.git('write-tree')
  await fs.rename(path.join(repo.dir, '.git/index.kept'), path.join(repo.dir, '.git/index'))
  return tree
}

async function dirtied(repo: TestRepo): Promise<void> {
  await repo.write('a', 'changed\n')
  await repo.write('d/new', 'new\n')
  await repo.write('staged', 'staged\n')
  await repo.git('add', 'staged')
  await fs.rm(path.join(repo.dir, 'd/gone'))
  await fs.chmod(path.join(repo.dir, 'run'), 0o755)
  await fs.symlink('a', path.join(repo.dir, 'link'))
  await fs.rm(path.join(repo.dir, 'file'))
  await repo.write('file/below', 'now a directory\n')
}

const FILES = { a: 'a\n', 'd/gone': 'x\n', run: '#!/bin/sh\n', file: 'f\n', 'e/same': 's\n' }

test('a snapshot looks at the files that differ, and neither reads nor writes an index', async (t) => {
  const repo = await tempRepo(t, FILES)
  await dirtied(repo)
  const { calls, tree } = await traced(t, repo)
  t.deepEqual(calls, ['status', 'check-attr'])
  t.is(tree, await addedByGit(repo))
})

for (const [name, settings, attributes] of [
  ['line ends by attributes', [], '* text=auto\n'],
  ['line ends by configuration', ['core.autocrlf', 'input'], ''],
  ['an encoding', [], '*.u16 working-tree-encoding=UTF-16LE\n'],
  ['an expanded keyword', [], 'a ident\n'],
] as const) {
  test(`${name}: a file that git converts is stored as git would store it`, async (t) => {
    const repo = await tempRepo(t, { ...FILES, '.gitattributes': attributes })
    if (settings.length > 0) await repo.git('config', ...settings)
    await dirtied(repo)
    await repo.write('crlf', 'one\r\ntwo\r\n')
    await repo.write('wide.u16', Buffer.from('wide\n', 'utf16le'))
    await repo.write('a', '$Id: 123 $\n')
    const { calls, tree } = await traced(t, repo)
    t.true(calls.includes('update-index'))
    t.is(tree, await addedByGit(repo))
  })
}

test('line ends that need no conversion need no other git', async (t) => {
  const repo = await tempRepo(t, { ...FILES, '.gitattributes': '* text=auto\n' })
  await dirtied(repo)
  const { calls, tree } = await traced(t, repo)
  t.deepEqual(calls, ['status', 'check-attr'])
  t.is(tree, await addedByGit(repo))
})
