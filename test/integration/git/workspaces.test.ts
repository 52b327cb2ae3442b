import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import test, { type ExecutionContext } from 'ava'
import type { Edit } from '../../../src/engine/model/change.ts'
import { fsckClean, stateOf, type TestRepo, tempRepo } from '../../helpers/repo.ts'
import { open } from '../../unit/git/open.ts'

const edit = (content: string, mode: '100644' | '100755' = '100644'): Edit => ({ bytes: Buffer.from(content), mode })

async function workspacesOf(t: ExecutionContext, repo: TestRepo) {
  const repository = await open(t, repo)
  const state = path.join(repo.home, 'state dir')
  const all = repository.workspaces(state)
  const tree = await repo.git('rev-parse', 'HEAD^{tree}')
  return { all, tree, state, repository }
}

test('a workspace holds the files of its tree under the name of the checkout, and goes without a trace', async (t) => {
  const repo = await tempRepo(t, { 'a ü': 'a\n', 'd/run.sh': '#!/bin/sh\n' }, { name: 'my repo' })
  await fs.chmod(path.join(repo.dir, 'd/run.sh'), 0o755)
  await fs.symlink('d/run.sh', path.join(repo.dir, 'link'))
  await repo.commit('link')
  await repo.write('.git/hooks/post-checkout', '#!/bin/sh\ntouch "$HOME/HOOK-RAN"\n')
  await fs.chmod(path.join(repo.dir, '.git/hooks/post-checkout'), 0o755)
  await repo.write('a ü', 'the user is editing\n')
  const before = await stateOf(repo)
  const { all, tree, state } = await workspacesOf(t, repo)
  const workspace = await all.open(tree)
  t.is(path.basename(workspace.dir), 'my repo')
  t.true(workspace.dir.startsWith(state))
  t.is((await fs.stat(path.dirname(workspace.dir))).mode & 0o777, 0o700)
  t.is((await fs.stat(state)).mode & 0o777, 0o700)
  t.is(await fs.readFile(path.join(workspace.dir, 'a ü'), 'utf8'), 'a\n')
  t.is((await fs.stat(path.join(workspace.dir, 'd/run.sh'))).mode & 0o100, 0o100)
  t.is(await fs.readlink(path.join(workspace.dir, 'link')), 'd/run.sh')
  t.is(await repo.git('-C', workspace.dir, 'status', '--porcelain'), '')
  t.is(await repo.git('-C', workspace.dir, 'log', '--format=%an %s'), 'git-pp The tree under test')
  t.deepEqual([...(await workspace.touched(['a ü', 'd/run.sh', 'link'])).keys()], [])
  t.deepEqual(await workspace.leftovers(), [])
  await workspace.dispose()
  await workspace.dispose()
  t.deepEqual(await stateOf(repo), before)
  t.deepEqual(await fs.readdir(state), ['objects'])
  await t.throwsAsync(fs.access(path.join(repo.home, 'HOOK-RAN')))
  t.true(await fsckClean(repo))
})

test('twenty-four workspaces of two trees open at once', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n', 'd/b': 'b\n' })
  await repo.commit('two', { a: 'A\n' })
  const before = await stateOf(repo)
  const { all, tree } = await workspacesOf(t, repo)
  const older = await repo.git('rev-parse', 'HEAD~^{tree}')
  const opened = await Promise.all(Array.from({ length: 24 }, (_, n) => all.open(n % 2 === 0 ? tree : older)))
  t.is(new Set(opened.map(({ dir }) => dir)).size, 24)
  const contents = await Promise.all(opened.map(({ dir }) => fs.readFile(path.join(dir, 'a'), 'utf8')))
  t.deepEqual(
    contents,
    Array.from({ length: 24 }, (_, n) => (n % 2 === 0 ? 'A\n' : 'a\n')),
  )
  await Promise.all(opened.map((workspace) => workspace.dispose()))
  t.deepEqual(await stateOf(repo), before)
})

test('what a command did to files is seen by kind and bytes, not by times', async (t) => {
  const files = ['same', 'edited', 'gone', 'linked', 'kept', 'dir/x', 'way/x', 'pipe']
  const repo = await tempRepo(t, Object.fromEntries(files.map((name) => [name, `${name}\n`])))
  const { all, tree } = await workspacesOf(t, repo)
  const { dir, touched, dispose } = await all.open(tree)
  const at = (name: string) => path.join(dir, name)
  const { mtime, atime } = await fs.stat(at('edited'))
  await fs.writeFile(at('edited'), 'Edited\n')
  await fs.utimes(at('edited'), atime, mtime)
  await fs.writeFile(at('same'), 'same\n')
  await fs.rm(at('gone'))
  await fs.writeFile(path.join(repo.home, 'linked'), 'linked\n')
  await fs.rm(at('linked'))
  await fs.symlink(path.join(repo.home, 'linked'), at('linked'))
  await fs.rename(at('dir'), path.join(repo.home, 'dir'))
  await fs.symlink(path.join(repo.home, 'dir'), at('dir'))
  await fs.rm(at('way'), { recursive: true })
  await fs.writeFile(at('way'), 'x')
  await fs.rm(at('kept'))
  await fs.mkdir(at('kept'))
  t.deepEqual([...(await touched(files)).keys()], ['edited', 'gone', 'linked', 'kept', 'dir/x', 'way/x'])
  await dispose()
})

test('a file that was written, or whose mode or times were set, has another stamp, and is put back', async (t) => {
  const names = ['same', 'rewritten', 'replaced', 'mode', 'times', 'gone', 'd/run.sh', 'crlf.bat']
  const repo = await tempRepo(t, {
    ...Object.fromEntries(names.map((name) => [name, `${name}\n`])),
    '.gitattributes': '*.bat eol=crlf\n',
  })
  await fs.chmod(path.join(repo.dir, 'd/run.sh'), 0o755)
  await repo.commit('mode')
  const { all, tree } = await workspacesOf(t, repo)
  const { dir, stamps, restore, touched, dispose } = await all.open(tree)
  const at = (name: string) => path.join(dir, name)
  const before = await stamps(names)
  t.deepEqual(await stamps(names), before)
  await fs.writeFile(at('rewritten'), 'rewritten\n')
  await fs.writeFile(at('new'), 'replaced\n')
  await fs.rename(at('new'), at('replaced'))
  await fs.chmod(at('mode'), 0o644)
  await fs.utimes(at('times'), 1, 1)
  await fs.rm(at('gone'))
  await fs.rm(path.dirname(at('d/run.sh')), { recursive: true })
  await fs.writeFile(at('crlf.bat'), 'other\n')
  const after = await stamps(names)
  const moved = names.filter((name) => before.get(name) !== after.get(name))
  t.deepEqual(moved, names.slice(1))
  t.is((await touched(names)).get('gone'), 'nothing')
  await restore(moved)
  t.deepEqual([...(await touched(names)).keys()], [])
  t.is(await fs.readFile(at('crlf.bat'), 'utf8'), 'crlf.bat\r\n')
  t.is((await fs.stat(at('d/run.sh'))).mode & 0o100, 0o100)
  await fs.rm(at('same'))
  await fs.symlink(repo.home, at('same'))
  await restore(['same'])
  t.deepEqual([...(await touched(names)).keys()], [])
  await dispose()
})

test('line ends and encodings that the tree asks for are no change', async (t) => {
  const repo = await tempRepo(t, {
    '.gitattributes': '*.bat text eol=crlf\n*.u16 working-tree-encoding=UTF-16LE\n*.id ident\n',
    'a.bat': 'one\ntwo\n',
    'c.id': '$Id$\n',
    'b.u16': Buffer.from('grün\n', 'utf16le'),
  })
  const { all, tree } = await workspacesOf(t, repo)
  const workspace = await all.open(tree)
  const names = ['a.bat', 'b.u16', 'c.id']
  t.is(await fs.readFile(path.join(workspace.dir, 'a.bat'), 'utf8'), 'one\r\ntwo\r\n')
  t.deepEqual(await fs.readFile(path.join(workspace.dir, 'b.u16')), Buffer.from('grün\n', 'utf16le'))
  t.deepEqual([...(await workspace.touched(names)).keys()], [])
  await fs.appendFile(path.join(workspace.dir, 'a.bat'), 'x')
  await fs.writeFile(path.join(workspace.dir, 'b.u16'), 'grün\n')
  t.deepEqual([...(await workspace.touched(names)).keys()], ['a.bat', 'b.u16'])
  await workspace.dispose()
})

test('written files are what later has to be there; git is not written', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n', 'd/b': 'b\n', 'd/c': 'c\n', gone: 'x\n' })
  const { all, tree } = await workspacesOf(t, repo)
  const { dir, write, touched, leftovers, dispose } = await all.open(tree)
  await write(
    new Map([
      ['a', edit('A\n', '100755')],
      ['new/deep/file', edit('n\n')],
      ['d/b', null],
      ['d/c', null],
      ['gone', null],
    ]),
  )
  t.is(await fs.readFile(path.join(dir, 'a'), 'utf8'), 'A\n')
  t.is((await fs.stat(path.join(dir, 'a'))).mode & 0o100, 0o100)
  t.deepEqual((await fs.readdir(dir)).sort(), ['.git', 'a', 'new'])
  const names = ['a', 'new/deep/file', 'd/b', 'gone']
  t.deepEqual([...(await touched(names)).keys()], [])
  t.deepEqual(await leftovers(), [])
  await fs.writeFile(path.join(dir, 'gone'), 'back')
  await fs.writeFile(path.join(dir, 'new/deep/file'), 'other')
  t.deepEqual([...(await touched(names)).keys()], ['new/deep/file', 'gone'])
  for (const name of ['.git', 'd/.git/x', '../x', '/x', 'a//b', './a', '']) {
    await t.throwsAsync(write(new Map([[name, edit('x')]])), { code: 'NOT_ALLOWED' }, name)
  }
  await dispose()
})

test('nothing is written through a symlink that a command left', async (t) => {
  const repo = await tempRepo(t, { 'd/a': 'a\n', b: 'b\n' })
  const { all, tree } = await workspacesOf(t, repo)
  const { dir, write, dispose } = await all.open(tree)
  const victim = path.join(repo.home, 'victim')
  await fs.mkdir(victim)
  await fs.writeFile(path.join(victim, 'b'), 'safe\n')
  await fs.rm(path.join(dir, 'd'), { recursive: true })
  await fs.symlink(victim, path.join(dir, 'd'))
  await fs.rm(path.join(dir, 'b'))
  await fs.symlink(path.join(victim, 'b'), path.join(dir, 'b'))
  await t.throwsAsync(write(new Map([['d/a', edit('x\n')]])), {
    code: 'DISK_FAILED',
    message: /d\/a cannot be written/,
  })
  await write(new Map([['d/b', null]]))
  await write(new Map([['b', edit('new\n')]]))
  t.is(await fs.readFile(path.join(victim, 'b'), 'utf8'), 'safe\n')
  t.is(await fs.readFile(path.join(dir, 'b'), 'utf8'), 'new\n')
  await dispose()
  t.deepEqual(await fs.readdir(victim), ['b'])
})

test('leftovers are the top-most paths that are not of the tree', async (t) => {
  const repo = await tempRepo(t, { 'src/a': 'a\n', '.gitignore': '*.pyc\n' })
  const { all, tree } = await workspacesOf(t, repo)
  const { dir, leftovers, dispose } = await all.open(tree)
  await fs.mkdir(path.join(dir, 'build/deep'), { recursive: true })
  await fs.writeFile(path.join(dir, 'build/deep/x'), '')
  await fs.writeFile(path.join(dir, 'src/b.pyc'), '')
  await fs.symlink('/etc', path.join(dir, 'etc'))
  t.deepEqual(await leftovers(), ['build', 'etc', 'src/b.pyc'])
  await dispose()
})

test('a hostile workspace is removed by what we remember: modes, links, a rewritten pointer, a very deep path', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const other = await tempRepo(t, { precious: 'p\n' })
  const before = await stateOf(repo)
  const { all, tree, state } = await workspacesOf(t, repo)
  const { dir, dispose } = await all.open(tree)
  await fs.mkdir(path.join(dir, 'locked/in'), { recursive: true })
  await fs.writeFile(path.join(dir, 'locked/in/file'), '')
  await fs.chmod(path.join(dir, 'locked/in'), 0)
  await fs.chmod(path.join(dir, 'locked'), 0)
  await fs.symlink(other.dir, path.join(dir, 'elsewhere'))
  await fs.writeFile(path.join(dir, '.git'), `gitdir: ${path.join(other.dir, '.git')}\n`)
  const deep = 'd'.repeat(200)
  const nest = `for (let n = 0; n < 60; n++) { fs.mkdirSync('${deep}'); process.chdir('${deep}') }`
  execFileSync(process.execPath, ['-e', nest], { cwd: dir })
  await dispose()
  t.deepEqual(await fs.readdir(state), ['objects'])
  t.is(await fs.readFile(path.join(other.dir, 'precious'), 'utf8'), 'p\n')
  t.deepEqual(await stateOf(repo), before)
})

test('a tree that is not here opens nothing and leaves nothing', async (t) => {
  const repo = await tempRepo(t, { 'd/a': 'a\n' })
  const before = await stateOf(repo)
  const blob = await repo.git('rev-parse', 'HEAD:d/a')
  const { all, tree } = await workspacesOf(t, repo)
  await fs.rm(path.join(repo.dir, '.git/objects', blob.slice(0, 2), blob.slice(2)))
  await t.throwsAsync(all.open(tree), { code: 'OBJECT_MISSING' })
  t.is((await stateOf(repo)).worktrees, before.worktrees)
})

test('it works in a linked work tree, a sparse checkout and a sha256 repository', async (t) => {
  const repo = await tempRepo(t, { 'in/a': 'a\n', 'out/b': 'b\n' }, { format: 'sha256' })
  await repo.git('worktree', 'add', '-q', '../linked')
  await repo.git('-C', '../linked', 'sparse-checkout', 'set', 'in')
  const linked = await open(t, repo, '../linked')
  const tree = await repo.git('rev-parse', 'HEAD^{tree}')
  const workspace = await linked.workspaces(path.join(repo.home, 'state')).open(tree)
  t.is(path.basename(workspace.dir), 'linked')
  t.is(await fs.readFile(path.join(workspace.dir, 'out/b'), 'utf8'), 'b\n')
  t.deepEqual([...(await workspace.touched(['in/a', 'out/b'])).keys()], [])
  await workspace.dispose()
})
