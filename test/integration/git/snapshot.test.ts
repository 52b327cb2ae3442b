import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { fsckClean, stateOf, type TestRepo, tempRepo } from '../../helpers/repo.ts'
import { open } from '../../unit/git/open.ts'

const AT = new Date('2025-01-01T00:00:00Z')
const nothing = () => null

async function take(t: ExecutionContext, repo: TestRepo, deny: (path: string) => string | null = nothing, cwd = '') {
  const before = await stateOf(repo)
  const { snapshots } = await open(t, repo, cwd)
  const taken = await snapshots.take(deny, AT)
  t.deepEqual(await stateOf(repo), before)
  t.true(await fsckClean(repo))
  const files = await repo.git('ls-tree', '-r', '--format=%(objectmode) %(path)', taken.tree)
  return { ...taken, files: files === '' ? [] : files.split('\n') }
}

test('a clean work tree is HEAD itself', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const { commit, dirty, tree } = await take(t, repo)
  t.deepEqual([commit, dirty], [await repo.git('rev-parse', 'HEAD'), false])
  t.is(tree, await repo.git('rev-parse', 'HEAD^{tree}'))
})

test('edits, deletions, new files, modes and kinds are taken; ignored files are not', async (t) => {
  const repo = await tempRepo(t, {
    '.gitignore': '*.log\n',
    edited: 'a\n',
    deleted: 'a\n',
    script: 'a\n',
    'to-link': 'a\n',
    'file-to-dir': 'a\n',
    'dir-to-link/x': 'a\n',
    'dir-to-file/x': 'a\n',
    same: 'a\n',
  })
  const at = (name: string) => path.join(repo.dir, name)
  await repo.write('edited', 'b\n')
  await fs.rm(at('deleted'))
  await fs.chmod(at('script'), 0o755)
  await fs.rm(at('to-link'))
  await fs.symlink('same', at('to-link'))
  await fs.rm(at('file-to-dir'))
  await repo.write('file-to-dir/in side', 'x\n')
  await fs.rm(at('dir-to-link'), { recursive: true })
  await fs.symlink('file-to-dir', at('dir-to-link'))
  await fs.rm(at('dir-to-file'), { recursive: true })
  await repo.write('dir-to-file', 'x\n')
  await repo.write('new ü', 'new\n')
  await repo.write('out.log', 'ignored\n')
  const { files, commit, tree, dirty, leftOut } = await take(t, repo)
  t.deepEqual(files, [
    '100644 .gitignore',
    '100644 dir-to-file',
    '120000 dir-to-link',
    '100644 edited',
    '100644 file-to-dir/in side',
    '100644 "new \\303\\274"',
    '100644 same',
    '100755 script',
    '120000 to-link',
  ])
  t.deepEqual([dirty, leftOut], [true, []])
  t.is(await repo.git('show', `${tree}:edited`), 'b')
  t.is(await repo.git('rev-parse', `${commit}^`), await repo.git('rev-parse', 'HEAD'))
  t.is(await repo.git('log', '-1', '--format=%an %aI', commit), 'A U Thor 2025-01-01T00:00:00+00:00')
})

test('of what is staged the work tree has the last word', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n', b: 'b\n', c: 'c\n' })
  await repo.write('a', 'staged\n')
  await repo.write('staged-only', 'staged\n')
  await repo.git('add', '.')
  await repo.write('a', 'on disk\n')
  await repo.git('rm', '-q', '--cached', 'b')
  await repo.git('rm', '-q', 'c')
  const { files, tree } = await take(t, repo)
  t.deepEqual(files, ['100644 a', '100644 b', '100644 staged-only'])
  t.is(await repo.git('show', `${tree}:a`), 'on disk')
})

test('an intent to add is taken, and dropped when its file went', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  await repo.write('wanted', 'w\n')
  await repo.write('gone', 'g\n')
  await repo.git('add', '-N', 'wanted', 'gone')
  await fs.rm(path.join(repo.dir, 'gone'))
  t.deepEqual((await take(t, repo)).files, ['100644 a', '100644 wanted'])
})

test('what is denied stays as HEAD has it, staged or not, and its new bytes are never stored', async (t) => {
  const repo = await tempRepo(t, { '.env': 'OLD=1\n', '.env.gone': 'x\n', a: 'a\n' })
  await repo.write('.env', 'SECRET=staged\n')
  await repo.git('add', '.env')
  await repo.write('.env', 'SECRET=on disk\n')
  await repo.write('.env.local', 'SECRET=new\n')
  await fs.rm(path.join(repo.dir, '.env.gone'))
  await repo.write('a', 'A\n')
  const { tree, leftOut, files } = await take(t, repo, (name) =>
    name.startsWith('.env') ? 'looks like a secret' : null,
  )
  t.deepEqual(files, ['100644 .env', '100644 .env.gone', '100644 a'])
  t.is(await repo.git('show', `${tree}:.env`), 'OLD=1')
  t.deepEqual(
    leftOut.map(({ path: name, why }) => `${name}: ${why}`),
    ['.env: looks like a secret', '.env.gone: looks like a secret', '.env.local: looks like a secret'],
  )
  for (const secret of ['SECRET=on disk\n', 'SECRET=new\n']) {
    const oid = await repo.gitWith(secret, 'hash-object', '--stdin')
    await t.throwsAsync(repo.git('cat-file', '-e', oid))
  }
})

test('large files, embedded repositories, pipes and sockets are left out and listed', async (t) => {
  const repo = await tempRepo(t, { 'was-a-file': 'x\n', a: 'a\n' })
  await fs.truncate(path.join(repo.dir, 'a'), 0)
  await repo.write('huge', '')
  await fs.truncate(path.join(repo.dir, 'huge'), 51 * 1024 * 1024)
  await repo.git('init', '-q', 'empty-repo')
  await repo.git('init', '-q', 'sub/repo')
  await repo.git('-C', 'sub/repo', 'commit', '-q', '--allow-empty', '-m', 'x')
  await fs.rm(path.join(repo.dir, 'was-a-file'))
  execFileSync('mkfifo', [path.join(repo.dir, 'was-a-file')])
  const { files, leftOut } = await take(t, repo)
  t.deepEqual(files, ['100644 a', '100644 was-a-file'])
  t.deepEqual(
    leftOut.map(({ path: name, why }) => `${name}: ${why}`),
    [
      'was-a-file: it is not a regular file',
      'empty-repo/: it is a repository of its own',
      'huge: it is larger than 50 MiB',
      'sub/repo/: it is a repository of its own',
    ],
  )
})

test('past 256 MiB in all nothing more is taken', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  for (let n = 1; n <= 6; n++) {
    await repo.write(`b${n}`, `${n}`)
    await fs.truncate(path.join(repo.dir, `b${n}`), 50 * 1024 * 1024)
  }
  const { files, leftOut } = await take(t, repo)
  t.is(files.length, 6)
  t.deepEqual(leftOut, [{ path: 'b6', why: 'all files together would be larger than 256 MiB' }])
})

test('an unfinished merge is refused by name', async (t) => {
  const repo = await tempRepo(t, { 'a b': 'a\n' })
  await repo.git('checkout', '-q', '-b', 'side')
  await repo.commit('side', { 'a b': 'side\n' })
  await repo.git('checkout', '-q', 'main')
  await repo.commit('main', { 'a b': 'main\n' })
  await t.throwsAsync(repo.git('merge', 'side'))
  const { snapshots } = await open(t, repo)
  await t.throwsAsync(snapshots.take(nothing, AT), {
    code: 'UNSUPPORTED_REPOSITORY',
    message: /a b has an unfinished merge/,
  })
})

test('files outside of a sparse checkout keep their version, staged ones included', async (t) => {
  const repo = await tempRepo(t, { 'in/a': 'a\n', 'out/b': 'b\n', 'out/c': 'c\n' })
  await repo.git('sparse-checkout', 'set', 'in')
  await repo.write('in/a', 'A\n')
  const blob = await repo.gitWith('staged\n', 'hash-object', '-w', '--stdin')
  await repo.git('update-index', '--cacheinfo', `100644,${blob},out/c`)
  await repo.git('update-index', '--skip-worktree', 'out/c')
  const { files, tree } = await take(t, repo)
  t.deepEqual(files, ['100644 in/a', '100644 out/b', '100644 out/c'])
  t.is(await repo.git('show', `${tree}:out/c`), 'staged')
})

test('an edit in the second of the index, of the same size and time, is not missed', async (t) => {
  const repo = await tempRepo(t, { a: 'aaaa\n' })
  await repo.git('config', 'core.trustctime', 'false')
  await repo.git('config', 'core.checkStat', 'minimal')
  const moment = (name: string) => fs.utimes(path.join(repo.dir, name), 1_700_000_000, 1_700_000_000)
  await moment('a')
  await repo.git('update-index', '--refresh')
  await repo.write('a', 'bbbb\n')
  await moment('a')
  await moment('.git/index')
  const { tree } = await take(t, repo)
  t.is(await repo.git('show', `${tree}:a`), 'bbbb')
})

test('a split index and an untracked cache are only read', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n', b: 'b\n' })
  await repo.git('config', 'core.splitIndex', 'true')
  await repo.git('config', 'core.untrackedCache', 'true')
  await repo.git('update-index', '--split-index', '--untracked-cache')
  await repo.git('status')
  await repo.write('a', 'A\n')
  const list = async () => (await fs.readdir(path.join(repo.dir, '.git'))).sort()
  const before = await list()
  const { tree } = await take(t, repo)
  t.is(await repo.git('show', `${tree}:a`), 'A')
  t.deepEqual(await list(), before)
})

test('line ends are stored as git add would store them', async (t) => {
  const repo = await tempRepo(t, { '.gitattributes': '*.txt text\n', 'a.txt': 'a\n' })
  await repo.git('config', 'core.safecrlf', 'true')
  await repo.write('a.txt', 'A\r\nB\r\n')
  const { tree } = await take(t, repo)
  t.is(await repo.git('show', `${tree}:a.txt`), 'A\nB')
})

test('the index that the caller names is the index', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n', 'hidden/b': 'b\n' })
  const index = path.join(repo.dir, '.git/other index')
  await fs.copyFile(path.join(repo.dir, '.git/index'), index)
  await repo.git('update-index', '--skip-worktree', 'hidden/b')
  await fs.rm(path.join(repo.dir, 'hidden/b'))
  const named = await open(t, repo, '', { GIT_INDEX_FILE: index })
  const own = await open(t, repo)
  t.true((await named.snapshots.take(nothing, AT)).dirty)
  t.false((await own.snapshots.take(nothing, AT)).dirty)
})

test('from a subdirectory of a linked work tree it is that work tree', async (t) => {
  const repo = await tempRepo(t, { 'd/a': 'a\n' })
  await repo.git('worktree', 'add', '-q', '../linked')
  await repo.write('../linked/d/new', 'n\n')
  t.deepEqual((await take(t, repo, nothing, '../linked/d')).files, ['100644 d/a', '100644 d/new'])
  t.false((await take(t, repo)).dirty)
})
