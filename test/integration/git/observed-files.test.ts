import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import test, { type ExecutionContext } from 'ava'
import type { Workspace } from '../../../src/engine/ports/workspace.ts'
import { type TestRepo, tempRepo } from '../../helpers/repo.ts'
import { open } from '../../unit/git/open.ts'

async function workspaceOf(t: ExecutionContext, files: Readonly<Record<string, string>>): Promise<Workspace> {
  return workspaceIn(t, await tempRepo(t, files))
}

async function workspaceIn(t: ExecutionContext, repo: TestRepo): Promise<Workspace> {
  const repository = await open(t, repo)
  const all = repository.workspaces(path.join(repo.home, 'state'))
  const workspace = await all.open(await repo.git('rev-parse', 'HEAD^{tree}'))
  t.teardown(() => workspace.dispose())
  return workspace
}

const FILES = {
  ...{ 'read.txt': 'x\n', 'mapped.py': 'x = 1\n', 'run.sh': 'true\n', 'listed.txt': 'x\n' },
  ...{ 'a/deep.json': '1\n', 'ü x.txt': 'x\n', 'written.txt': 'x\n' },
}

test('files that are read, imported, run or found by a search are seen, listed and written ones are not', async (t) => {
  const workspace = await workspaceOf(t, FILES)
  const reads = await workspace.watchReads()
  const sh = (line: string) => execFileSync('sh', ['-c', line], { cwd: workspace.dir })
  t.deepEqual(await reads(), new Set())
  sh('ls -lR . >/dev/null; test -f listed.txt; stat listed.txt >/dev/null; echo y > written.txt')
  t.deepEqual(await reads(), new Set())
  sh("cat read.txt; sh run.sh; python3 -B -c 'import mapped'; cp 'ü x.txt' copy; grep -r 1 a")
  t.deepEqual([...((await reads()) ?? [])].sort(), ['a/deep.json', 'mapped.py', 'read.txt', 'run.sh', 'ü x.txt'])
})

test('a file that was read before is seen when it is read again', async (t) => {
  const workspace = await workspaceOf(t, FILES)
  const read = () => fs.readFile(path.join(workspace.dir, 'read.txt'))
  await read()
  const reads = await workspace.watchReads()
  t.deepEqual(await reads(), new Set())
  await read()
  t.deepEqual(await reads(), new Set(['read.txt']))
})

test('a file that somebody removes or replaces is not a file that was read', async (t) => {
  const workspace = await workspaceOf(t, FILES)
  const reads = await workspace.watchReads()
  await fs.rm(path.join(workspace.dir, 'read.txt'))
  t.deepEqual(await reads(), new Set())
})

test('untracked files are found in old and new directories, but not what git ignores or a runner installs', async (t) => {
  const workspace = await workspaceOf(t, { 'a/b.txt': 'x\n', '.gitignore': 'out/\n*.log\n' })
  const left = ['a/conftest.py', 'new/deep/test_x.py', 'top.js', 'out/test_y.py', 'a/x.log', 'node_modules/m/test.js']
  for (const name of [...left, 'a/__pycache__/b.pyc', 'new/.git/config']) {
    await fs.mkdir(path.dirname(path.join(workspace.dir, name)), { recursive: true })
    await fs.writeFile(path.join(workspace.dir, name), 'x\n')
  }
  const found = await workspace.untracked(() => true, workspace.tree)
  t.deepEqual([...found].sort(), ['a/conftest.py', 'new/deep/test_x.py', 'top.js'])
  t.deepEqual(await workspace.untracked((name) => name.endsWith('.py') && name.startsWith('a/'), workspace.tree), [
    'a/conftest.py',
  ])
})

test('what a command writes into .gitignore hides nothing, and neither do rules that only the change has', async (t) => {
  const repo = await tempRepo(t, { 'a/b.txt': 'x\n' })
  const base = await repo.git('rev-parse', 'HEAD^{tree}')
  await repo.commit('Ignore tests', { '.gitignore': 'test_*.py\n' })
  const workspace = await workspaceIn(t, repo)
  for (const [name, text] of [
    ['a/.gitignore', '*\n'],
    ['a/conftest.py', 'x\n'],
    ['a/test_b.py', 'x\n'],
  ] as const)
    await fs.writeFile(path.join(workspace.dir, name), text)
  const isCode = (name: string) => name.endsWith('.py')
  t.deepEqual([...(await workspace.untracked(isCode, base))].sort(), ['a/conftest.py', 'a/test_b.py'])
  t.deepEqual(await workspace.untracked(isCode, workspace.tree), ['a/conftest.py'])
})
