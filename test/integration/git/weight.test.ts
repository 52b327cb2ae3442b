import { randomBytes } from 'node:crypto'
import * as path from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { bomb } from '../../helpers/bomb.ts'
import { type TestRepo, tempRepo } from '../../helpers/repo.ts'
import { open } from '../../unit/git/open.ts'

const TOO_LARGE = { code: 'TREE_TOO_LARGE' }

/** Every way along the paths of a tree. */
async function refused(t: ExecutionContext, repo: TestRepo, tree: string, message: RegExp): Promise<void> {
  const { objects, rehashed, patches, workspaces } = await open(t, repo)
  const head = await repo.git('rev-parse', 'HEAD^{tree}')
  const ways: Readonly<Record<string, () => Promise<unknown>>> = {
    list: () => objects.list(tree),
    changes: () => objects.changes(head, tree),
    edit: () => objects.edit(tree, new Map([['a', null]])),
    apply: () => patches.apply(tree, Buffer.from('--- a/x\n+++ b/x\n')),
    checkout: () => workspaces(path.join(repo.home, 'state')).open(tree),
    'rehashed list': () => rehashed.list(tree),
    'rehashed changes': () => rehashed.changes(tree, head),
  }
  for (const [name, way] of Object.entries(ways)) await t.throwsAsync(way, { ...TOO_LARGE, message }, name)
}

for (const format of ['sha1', 'sha256'] as const)
  test(`a few small trees of a ${format} repository that come to billions of files are refused on every way`, async (t) => {
    const repo = await tempRepo(t, { a: 'a\n' }, { format })
    await refused(t, repo, await bomb(repo, { wide: 10, deep: 10 }), /holds more than 1000000 files/)
  })

test('directories without a file in them count as well', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const empty = await repo.gitWith('', 'mktree')
  await refused(
    t,
    repo,
    await bomb(repo, { wide: 10, deep: 9, leaf: { mode: '40000', oid: empty } }),
    /more than 1000000/,
  )
})

test('trees that are nested without end are refused', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  await refused(t, repo, await bomb(repo, { wide: 1, deep: 1100 }), /nested deeper than 1024/)
})

test('a path longer than a system takes is refused, and a name', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  await refused(t, repo, await bomb(repo, { wide: 1, deep: 20, name: 'n'.repeat(250) }), /path of \d{4} bytes/)
  await refused(t, repo, await bomb(repo, { wide: 1, deep: 1, name: 'n'.repeat(256) }), /name of 256 bytes/)
})

test('a tree that is wide, deep and full within reason is checked out', async (t) => {
  const files = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`${'d/'.repeat(n % 40)}f${n}`, `${n}\n`]))
  const repo = await tempRepo(t, files)
  const { workspaces } = await open(t, repo)
  const tree = await repo.git('rev-parse', 'HEAD^{tree}')
  const workspace = await workspaces(path.join(repo.home, 'state'), { most: 1 << 20 }).open(tree)
  t.deepEqual([...(await workspace.touched(Object.keys(files))).keys()], [])
  await workspace.dispose()
})

test('one blob in many places counts in each of them', async (t) => {
  const repo = await tempRepo(t, { big: randomBytes(100_000) })
  const blob = await repo.git('rev-parse', 'HEAD:big')
  const tree = await repo.gitWith(
    Array.from({ length: 20 }, (_, n) => `100644 blob ${blob}\tf${n}\n`).join(''),
    'mktree',
  )
  const { workspaces } = await open(t, repo)
  const error = await t.throwsAsync(workspaces(path.join(repo.home, 'state'), { most: 1_500_000 }).open(tree), {
    ...TOO_LARGE,
    message: /has 1\.9 MiB/,
  })
  t.regex(String((error as { mend?: string }).mend), /raise limits\.max_worktree_bytes, which is 1\.4 MiB/)
})
