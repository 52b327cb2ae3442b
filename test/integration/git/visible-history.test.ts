import { execFile } from 'node:child_process'
import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { promisify } from 'node:util'
import test, { type ExecutionContext } from 'ava'
import type { VisibleDepth } from '../../../src/engine/git/visible-history.ts'
import type { Workspace } from '../../../src/engine/ports/workspace.ts'
import { type TestRepo, tempRepo } from '../../helpers/repo.ts'
import { open } from '../../unit/git/open.ts'

/** Five commits on main and one on a side branch that was merged; tags light and annotated, and a branch that is not to be seen. */
async function aged(t: ExecutionContext, format: 'sha1' | 'sha256' = 'sha1'): Promise<TestRepo> {
  const repo = await tempRepo(t, { a: '1\n' }, { format })
  await repo.git('tag', '-a', 'v1.0', '-m', 'The first release')
  await repo.commit('second', { a: '2\n', secret: 'of the past\n' })
  await repo.git('tag', 'nightly')
  await repo.git('checkout', '-q', '-b', 'side')
  await repo.commit('aside', { b: '1\n' })
  await repo.git('checkout', '-q', 'main')
  await repo.git('rm', '-q', 'secret')
  await repo.commit('third', { a: '3\n' })
  await repo.git('merge', '-q', '--no-ff', '-m', 'Merge side', 'side')
  await repo.commit('last', { a: '5\n' })
  return repo
}

async function seen(t: ExecutionContext, repo: TestRepo, depth: VisibleDepth) {
  const repository = await open(t, repo)
  const past = await repository.past(await repo.git('rev-parse', 'HEAD'), depth)
  const all = repository.workspaces(path.join(repo.home, `state ${depth}`), { past })
  const tree = await repo.git('rev-parse', 'HEAD^{tree}')
  const other = await repository.objects.edit(
    tree,
    new Map([['a', { bytes: Buffer.from('changed\n'), mode: '100644' }]]),
  )
  return { past, red: await all.open(tree), green: await all.open(other) }
}

/** Git as a sandbox shows it; nothing is mounted here, so the alternates are rewritten. */
async function inside(repo: TestRepo, { git, dir }: Workspace) {
  if (git === null) throw new Error('no synthetic git directory')
  await fs.writeFile(path.join(git.dir, 'objects/info/alternates'), `${git.objects}\n`)
  const env = { ...repo.env, GIT_DIR: git.dir, GIT_WORK_TREE: dir }
  return async (...args: string[]) => (await promisify(execFile)('git', args, { cwd: dir, env })).stdout.trim()
}

/** Without the abbreviated id, which is another one. */
const described = (text: string) => text.replace(/-g[0-9a-f]+/, '-g')

for (const format of ['sha1', 'sha256'] as const)
  test(`${format}: tools that make versions see the same past under every tree, and no people, files or branches`, async (t) => {
    const repo = await aged(t, format)
    const { red, green } = await seen(t, repo, 'tags')
    for (const workspace of [red, green]) {
      const git = await inside(repo, workspace)
      t.is(described(await git('describe', '--tags', '--dirty')), described(await repo.git('describe', '--tags')))
      t.is(described(await git('describe', '--dirty', '--long')), described(await repo.git('describe', '--long')))
      const version = ['describe', '--dirty', '--tags', '--long', '--match', '*[0-9]*']
      t.is(described(await git(...version)), described(await repo.git(...version)))
      t.is(await git('rev-list', '--count', 'HEAD'), '6')
      t.is(await git('status', '--porcelain'), '')
      t.is(await git('log', '--format=%s %ct'), await repo.git('log', '--format=%s %ct'))
      t.is((await git('log', '--oneline')).split('\n').length, 6)
      t.is(await git('log', '--format=%an <%ae> %cn <%ce>', '-1'), 'git-pp <git-pp@invalid> git-pp <git-pp@invalid>')
      t.is(await git('for-each-ref', '--format=%(refname)'), 'refs/tags/nightly\nrefs/tags/v1.0')
      t.is(await git('cat-file', '-p', 'v1.0').then((text) => text.includes('The first release')), true)
      t.notRegex(await git('cat-file', '-p', 'v1.0'), /Thor/)
      await t.throwsAsync(git('show', 'HEAD~1:a'))
    }
    const heads = await Promise.all([red, green].map(async (one) => (await inside(repo, one))('rev-parse', 'HEAD')))
    t.not(heads[0], heads[1])
    await Promise.all([red.dispose(), green.dispose()])
  })

test('a tag at the base points to whatever is tested', async (t) => {
  const repo = await aged(t)
  await repo.git('tag', 'v2.0')
  await repo.git('tag', '-a', 'v2.1', '-m', 'with words')
  const { red, green, past } = await seen(t, repo, 'tags')
  for (const workspace of [red, green]) {
    const git = await inside(repo, workspace)
    t.is(await git('describe', '--tags', '--dirty', '--exact-match'), 'v2.1')
    t.is(await git('tag', '--points-at', 'HEAD'), 'v2.0\nv2.1')
    t.is(await git('rev-parse', 'v2.1^{tree}'), workspace.tree)
    await git('commit', '-q', '--allow-empty', '-m', 'a child may commit here')
  }
  const ids = await Promise.all(['v2.0', 'v2.1'].map((name) => repo.git('rev-parse', name)))
  t.deepEqual(past.facts.tags, [
    { name: 'v2.0', id: ids[0] ?? '' },
    { name: 'v2.1', id: ids[1] ?? '' },
  ])
})

test('so many commits are seen as were asked for, and git says that there are more', async (t) => {
  const repo = await aged(t)
  for (const depth of [1, 2, 3]) {
    const { red } = await seen(t, repo, depth)
    const git = await inside(repo, red)
    t.is(await git('rev-list', '--count', 'HEAD'), String(depth))
    t.is(await git('rev-parse', '--is-shallow-repository'), 'true')
    t.is(await git('status', '--porcelain'), '')
    await red.dispose()
  }
  const { red } = await seen(t, repo, 1000)
  const git = await inside(repo, red)
  t.is(await git('rev-list', '--count', 'HEAD'), '6')
  t.is(await git('rev-parse', '--is-shallow-repository'), 'false')
  t.is(described(await git('describe')), described(await repo.git('describe')))
})

test('without a tag all commits are seen, and git describe fails as outside', async (t) => {
  const repo = await tempRepo(t, { a: '1\n' })
  await repo.commit('second', { a: '2\n' })
  const { red } = await seen(t, repo, 'tags')
  const git = await inside(repo, red)
  t.is(await git('rev-list', '--count', 'HEAD'), '2')
  await t.throwsAsync(git('describe', '--tags'), { message: /No names found/ })
})
