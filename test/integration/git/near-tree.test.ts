import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { catFile } from '../../../src/engine/git/cat-file.ts'
import { filesNear, objectsBeyond, type TreeFiles } from '../../../src/engine/git/near-tree.ts'
import { parseTree, sizeOfTree } from '../../../src/engine/git/parse-output.ts'
import { gitProgram } from '../../../src/engine/git/run-git.ts'
import { treeReader } from '../../../src/engine/git/tree-reader.ts'
import { type TestRepo, tempRepo } from '../../helpers/repo.ts'

async function opened(t: ExecutionContext, repo: TestRepo) {
  const env = Object.fromEntries(
    Object.entries(repo.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  )
  const git = gitProgram({
    program: 'git',
    cwd: repo.dir,
    env,
    options: [],
    signal: undefined,
    stop: undefined,
    trace: undefined,
  })
  const cat = catFile(git, 'sha1')
  t.teardown(() => cat.dispose())
  const listed = async (tree: string): Promise<TreeFiles> => {
    const listing = await git.bytes(['ls-tree', '-r', '-l', '-z', '--full-tree', tree])
    return { entries: parseTree(listing), bytes: sizeOfTree(listing) }
  }
  return { cat, tree: treeReader(cat, { objectFormat: 'sha1' }), listed }
}

const FILES = { a: 'a\n', 'a-b': 'x\n', 'dir/one': '1\n', 'dir/two': '2\n', 'dir.txt': 't\n', 'ü/é': 'e\n', z: 'z\n' }

test('the files of a tree are listed from those of a near one, in the order of git', async (t) => {
  const repo = await tempRepo(t, FILES)
  const at = (name: string) => path.join(repo.dir, name)
  const git = await opened(t, repo)
  let known = await repo.git('rev-parse', 'HEAD^{tree}')
  const steps: readonly (() => Promise<unknown>)[] = [
    () => fs.writeFile(at('dir/one'), 'longer than before\n'),
    () => fs.rm(at('dir'), { recursive: true }),
    () => fs.writeFile(at('dir'), 'now a file\n'),
    () =>
      fs
        .rm(at('a'))
        .then(() => fs.mkdir(at('a')))
        .then(() => fs.writeFile(at('a/b'), 'below\n')),
    () => fs.chmod(at('z'), 0o755),
    () => fs.symlink('z', at('link')),
    () => fs.writeFile(at('a.b'), ''),
    () => fs.writeFile(Buffer.concat([Buffer.from(at('odd-')), Buffer.from([0xff])]), 'odd\n'),
    () => fs.rm(at('z')),
  ]
  for (const step of steps) {
    await step()
    await repo.git('add', '-A')
    const tree = await repo.git('write-tree')
    const near = await filesNear(git, tree, { tree: known, ...(await git.listed(known)) })
    t.deepEqual(near, await git.listed(tree))
    known = tree
  }
  t.deepEqual(await filesNear(git, known, { tree: known, ...(await git.listed(known)) }), await git.listed(known))
})

test('the objects beyond another tree are all that a store with that tree lacks', async (t) => {
  const repo = await tempRepo(t, { 'dir/one': '1\n', 'dir/deep/two': '2\n', other: 'o\n' })
  const git = await opened(t, repo)
  const known = await repo.git('rev-parse', 'HEAD^{tree}')
  await repo.commit('second', { 'dir/deep/two': '22\n', 'new/file': 'n\n' })
  const tree = await repo.git('rev-parse', 'HEAD^{tree}')
  const wanted = (await repo.git('rev-list', '--objects', tree, `^${known}`))
    .split('\n')
    .map((line) => line.slice(0, 40))
  t.deepEqual([...((await objectsBeyond(git.tree, known, tree)) ?? new Map()).keys()].sort(), wanted.sort())
})

test('trees that differ in much are left to git', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const git = await opened(t, repo)
  const known = await repo.git('rev-parse', 'HEAD^{tree}')
  await repo.commit('many', Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`f${n}`, `${n}\n`])))
  const tree = await repo.git('rev-parse', 'HEAD^{tree}')
  t.is(await filesNear(git, tree, { tree: known, ...(await git.listed(known)) }), null)
  t.is(await objectsBeyond(git.tree, known, tree), null)
})
