import { execFile } from 'node:child_process'
import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { promisify } from 'node:util'
import test, { type ExecutionContext } from 'ava'
import type { Workspace } from '../../../src/engine/ports/workspace.ts'
import { type TestRepo, tempRepo } from '../../helpers/repo.ts'
import { open } from '../../unit/git/open.ts'

/** Git inside the workspace as a sandbox shows it; nothing is mounted here, so the alternates are rewritten. */
async function inside(repo: TestRepo, workspace: Workspace) {
  const { git, dir } = workspace
  if (git === null) throw new Error('no synthetic git directory')
  const alternates = path.join(git.dir, 'objects/info/alternates')
  await fs.writeFile(alternates, (await fs.readFile(alternates, 'utf8')).replace(git.objectsInside, git.objects))
  const env = { ...repo.env, GIT_DIR: git.dir, GIT_WORK_TREE: dir }
  return async (...args: string[]) => (await promisify(execFile)('git', args, { cwd: dir, env })).stdout.trim()
}

async function opened(t: ExecutionContext, repo: TestRepo) {
  const all = (await open(t, repo)).workspaces(path.join(repo.home, 'state'))
  return all.open
}

for (const format of ['sha1', 'sha256'] as const) {
  test(`git works in a workspace of a ${format} repository and knows one commit`, async (t) => {
    const repo = await tempRepo(t, { a: 'a\n', 'd/b': 'b\n' }, { format })
    await repo.commit('the second', { secret: 'in history only\n' })
    const hidden = await repo.git('rev-parse', 'HEAD:secret')
    await repo.git('rm', '-q', 'secret')
    await repo.commit('the third')
    await repo.git('branch', 'private')
    await repo.git('remote', 'add', 'origin', 'https://user:token@example.com/x')
    const tree = await repo.git('rev-parse', 'HEAD^{tree}')
    const workspace = await (await opened(t, repo))(tree)
    const git = await inside(repo, workspace)
    t.is(await git('status', '--porcelain'), '')
    t.is(await git('log', '--all', '--format=%an <%ae> %s'), 'git-pp <git-pp@invalid> The tree under test')
    t.is(await git('rev-parse', 'HEAD^{tree}'), tree)
    t.is(await git('fsck', '--full', '--no-dangling'), '')
    t.is(await git('for-each-ref'), '')
    t.is(await git('remote'), '')
    await t.throwsAsync(git('cat-file', '-e', hidden))
    t.notRegex(await fs.readFile(path.join(workspace.git?.dir ?? '', 'config'), 'utf8'), /token|Thor/)
    await fs.writeFile(path.join(workspace.dir, 'a'), 'edited\n')
    t.is(await git('status', '--porcelain'), 'M a')
    await git('add', 'a')
    await git('commit', '-q', '-m', 'a child may commit here')
    await workspace.dispose()
    await t.throwsAsync(fs.access(workspace.git?.dir ?? ''))
    await t.throwsAsync(repo.git('cat-file', '-e', await repo.gitWith('edited\n', 'hash-object', '--stdin')))
  })
}

test('a later tree adds only what the earlier ones lack, without a process of git', async (t) => {
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`f${n}`, `${n}\n`]))
  const repo = await tempRepo(t, many)
  const first = await repo.git('rev-parse', 'HEAD^{tree}')
  await repo.commit('second', { f7: 'changed\n' })
  const open1 = await opened(t, repo)
  const [one, two] = [await open1(first), await open1(await repo.git('rev-parse', 'HEAD^{tree}'))]
  const store = two.git?.objects ?? ''
  const [pack = '', ...others] = (await fs.readdir(path.join(store, 'pack'))).filter((name) => name.endsWith('.idx'))
  t.deepEqual(others, [])
  t.is((await fs.readFile(path.join(store, 'pack', pack))).readUInt32BE(8 + 255 * 4), 52)
  const folders = (await fs.readdir(store)).filter((name) => name.length === 2)
  const loose = await Promise.all(folders.map((name) => fs.readdir(path.join(store, name))))
  t.is(loose.flat().length, 3)
  t.is(await (await inside(repo, two))('fsck', '--full', '--no-dangling'), '')
  t.is(await (await inside(repo, one))('status', '--porcelain'), '')
  await Promise.all([one.dispose(), two.dispose()])
})

test('a submodule directory is no change inside', async (t) => {
  const lib = await tempRepo(t, { 'lib.txt': 'lib\n' })
  const repo = await tempRepo(t, { a: 'a\n' })
  await repo.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', lib.dir, 'lib')
  await repo.commit('with lib')
  const workspace = await (await opened(t, repo))(await repo.git('rev-parse', 'HEAD^{tree}'))
  t.is(await (await inside(repo, workspace))('status', '--porcelain'), '')
  await workspace.dispose()
})
