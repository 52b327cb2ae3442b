import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { openReader } from '../../../src/engine/git/index.ts'
import { type FilesOnDisk, filesOnDisk } from '../../../src/engine/git/on-disk/files-on-disk.ts'
import { type TestRepo, tempRepo } from '../../helpers/repo.ts'

const ABSENT = '0123456789'.repeat(4)

async function opened(t: ExecutionContext, repo: TestRepo, cwd = repo.dir): Promise<FilesOnDisk> {
  const files = filesOnDisk(cwd, repo.env)
  if (files === null) throw new Error(`${cwd} is not read without git`)
  t.teardown(() => files.dispose())
  return files
}

/** A reader that has no git, so that each of its answers is from the files. */
async function withoutGit(t: ExecutionContext, repo: TestRepo, cwd = repo.dir) {
  const scratch = async () => path.join(repo.home, 'scratch')
  const reader = await openReader({ cwd, env: repo.env, scratch, git: path.join(repo.home, 'no-git') })
  t.teardown(() => reader.dispose())
  return reader
}

const isLeftToGit = (repo: TestRepo, cwd = repo.dir, more = {}) => filesOnDisk(cwd, { ...repo.env, ...more }) === null

/** Versions of a file that git packs as deltas. */
async function manyVersions(t: ExecutionContext): Promise<TestRepo> {
  const lines = Array.from({ length: 400 }, (_, n) => `line ${n} ${n * 7919}`)
  const repo = await tempRepo(t, { 'sub/file': lines.join('\n') })
  for (const n of [3, 150, 398]) {
    lines[n] = `changed ${n}`
    await repo.commit(`change ${n}`, { 'sub/file': lines.join('\n'), other: 'o\n' })
  }
  return repo
}

async function everyObject(repo: TestRepo): Promise<readonly string[]> {
  const all = await repo.git(
    'cat-file',
    '--batch-check=%(objectname) %(objecttype) %(objectsize)',
    '--batch-all-objects',
  )
  return all.split('\n')
}

test('loose objects, packed objects and deltas are what git says they are', async (t) => {
  const repo = await manyVersions(t)
  for (const prepare of [['version'], ['gc', '-q'], ['repack', '-adq', '--depth=10', '--window=50']]) {
    await repo.git(...prepare)
    const files = await opened(t, repo)
    for (const line of await everyObject(repo)) {
      const [oid = '', type = '', size = ''] = line.split(' ')
      const found = files.object(oid)
      t.is(found?.type, type)
      t.is(found?.bytes.length, Number(size))
    }
    t.is(files.object(ABSENT), null)
  }
  t.regex(await repo.git('verify-pack', '-v', await packOf(repo)), /chain length = 1/)
})

async function packOf(repo: TestRepo): Promise<string> {
  const names = await fs.readdir(path.join(repo.dir, '.git/objects/pack'))
  return path.join('.git/objects/pack', names.find((name) => name.endsWith('.idx')) ?? '')
}

test('loose refs, packed refs and symbolic refs name what git says, and are read again when they move', async (t) => {
  const repo = await manyVersions(t)
  const files = await opened(t, repo)
  const names = [
    'HEAD',
    'HEAD^{tree}',
    'PP_HEAD^{commit}',
    'refs/heads/main',
    'refs/notes/pp/index^{tree}',
    'refs/tags/v1',
  ]
  const agrees = async () => {
    for (const name of names) {
      const said = await repo.git('rev-parse', '--verify', '-q', name).catch(() => null)
      t.is(files.find(name)?.oid ?? null, said, name)
    }
    const listed = await repo.git('for-each-ref', '--format=%(refname) %(objectname)', 'refs/notes/')
    const ours = [...(files.refs('refs/notes/') ?? [])].map((pair) => pair.join(' ')).join('\n')
    t.is(ours, listed)
  }
  await agrees()
  await repo.git('notes', '--ref', 'pp/index', 'add', '-m', 'note', 'HEAD')
  await repo.git('update-ref', 'PP_HEAD', 'HEAD~1')
  await agrees()
  await repo.git('tag', 'v1', 'HEAD~2')
  await repo.git('pack-refs', '--all')
  await agrees()
  await repo.git('notes', '--ref', 'pp/index', 'append', '-m', 'more', 'HEAD')
  await repo.git('notes', '--ref', 'pp/bundles', 'add', '-m', 'note', 'HEAD~1')
  await repo.git('update-ref', '-d', 'refs/tags/v1')
  await repo.git('checkout', '-q', '--detach', 'HEAD~1')
  await agrees()
  await repo.git('symbolic-ref', 'refs/notes/alias', 'refs/notes/pp/index')
  await repo.git('checkout', '-q', '-b', 'other')
  await agrees()
})

test('a name that another place than refs could mean is left to git', async (t) => {
  const repo = await manyVersions(t)
  const files = await opened(t, repo)
  for (const name of [
    'main',
    'HEAD~1',
    (await repo.git('rev-parse', 'HEAD')).slice(0, 8),
    ':/change',
    'HEAD:other',
    '@',
  ])
    t.is(files.find(name), undefined, name)
  t.is(files.find('refs/heads/v1-gabcdef0'), undefined)
  t.is(files.find(ABSENT), undefined)
})

test('log, notes and commits are read where there is no git, also in a linked work tree', async (t) => {
  const repo = await manyVersions(t)
  await repo.git('notes', '--ref', 'pp/bundles', 'add', '-m', 'a note', 'HEAD')
  await repo.git('worktree', 'add', '-q', '../linked', 'HEAD~1')
  const linked = path.join(path.dirname(repo.dir), 'linked')
  const head = await repo.git('rev-parse', 'HEAD')
  const inside = path.join(linked, 'sub')
  for (const [cwd, commit] of [[repo.dir, head] as const, [inside, await repo.git('rev-parse', 'HEAD~1')] as const]) {
    const { history, notes, refs, rehashed, place } = await withoutGit(t, repo, cwd)
    t.is(await history.resolve('HEAD'), commit)
    t.is(await history.resolve('PP_HEAD'), null)
    t.is(Buffer.from((await notes.read('refs/notes/pp/bundles', head)) ?? []).toString(), 'a note\n')
    t.deepEqual([...(await refs.list('refs/notes-remote/'))], [])
    t.is((await rehashed.list((await history.commit(commit)).tree)).at(-1)?.path, 'sub/file')
    const said = async (what: string) => (await repo.git('-C', cwd, 'rev-parse', '--path-format=absolute', what)).trim()
    t.is(place.gitDir, await said('--git-dir'))
    t.is(place.commonDir, await said('--git-common-dir'))
    t.is(place.top, await said('--show-toplevel'))
    t.is(place.prefix, (await said('--show-prefix')).replace(/\/$/, ''))
  }
})

test('what the files do not say is asked of git', async (t) => {
  const repo = await manyVersions(t)
  const scratch = async () => path.join(repo.home, 'scratch')
  const reader = await openReader({ cwd: repo.dir, env: repo.env, scratch })
  t.teardown(() => reader.dispose())
  t.is(await reader.history.resolve('main~1'), await repo.git('rev-parse', 'main~1'))
  t.is(
    (await reader.history.range(await repo.git('rev-parse', 'HEAD~2'), await repo.git('rev-parse', 'HEAD'))).length,
    2,
  )
  t.true((await reader.refs.list('refs/')).has('refs/heads/main'))
  await t.throwsAsync(reader.history.commit(ABSENT), { code: 'OBJECT_MISSING' })
})

test('an object that does not have its id is not answered from its file', async (t) => {
  const repo = await manyVersions(t)
  const [first, second] = [await repo.git('rev-parse', 'HEAD:other'), await repo.git('rev-parse', 'HEAD:sub/file')]
  const at = (oid: string) => path.join(repo.dir, '.git/objects', oid.slice(0, 2), oid.slice(2))
  await fs.rm(at(first))
  await fs.copyFile(at(second), at(first))
  t.is((await opened(t, repo)).object(first), null)
})

test('a repository of another kind is left to git', async (t) => {
  const repo = await manyVersions(t)
  const config = path.join(repo.dir, '.git/config')
  const usual = await fs.readFile(config, 'utf8')
  t.false(isLeftToGit(repo))
  for (const more of [
    '[extensions]\n\trefStorage = reftable\n',
    '[extensions]\n\tworktreeConfig = true\n',
    '[include]\n\tpath = other\n',
    '[includeIf "gitdir:x"]\n\tpath = other\n',
    '[core]\n\tworktree = /\n',
    '[core]\n\tbare\n',
    '[core]\n\trepositoryformatversion = 1\n',
    '[a]\n\tb = "c"\n',
    '[a]\n\tb = c\\\n\td\n',
    '[core] bare = true\n',
    'not a setting of any kind\n',
  ]) {
    await fs.writeFile(config, usual + more)
    t.true(isLeftToGit(repo), more)
  }
  await fs.writeFile(
    config,
    `${usual}# a remark\n[remote "origin"]\n\turl = ssh://host/path\n\n[branch "a.b"]\n\trebase\n`,
  )
  t.false(isLeftToGit(repo))
  await fs.writeFile(path.join(repo.dir, '.git/objects/info/alternates'), '/elsewhere\n')
  t.true(isLeftToGit(repo))
  t.true(isLeftToGit(await tempRepo(t, { a: 'a\n' }, { format: 'sha256' })))
  t.true(isLeftToGit(await tempRepo(t, { a: 'a\n' }, { committed: false })))
})

test('variables that choose a repository, its objects or settings are left to git', async (t) => {
  const repo = await manyVersions(t)
  t.false(isLeftToGit(repo, repo.dir, { GIT_PAGER: 'less', GIT_AUTHOR_NAME: 'A' }))
  t.false(isLeftToGit(repo, repo.dir, { GIT_SSL_CAINFO: '/etc/ssl/company.pem', GIT_HTTP_USER_AGENT: 'x' }))
  for (const name of [
    'GIT_DIR',
    'GIT_CONFIG_COUNT',
    'GIT_OBJECT_DIRECTORY',
    'GIT_NAMESPACE',
    'GIT_CEILING_DIRECTORIES',
  ])
    t.true(isLeftToGit(repo, repo.dir, { [name]: '' }), name)
})

test('a directory of the tree that looks like a repository is refused, and so is one above the caller', async (t) => {
  const repo = await manyVersions(t)
  const fake = path.join(repo.dir, 'fake')
  for (const name of ['objects', 'refs']) await fs.mkdir(path.join(fake, name), { recursive: true })
  await fs.copyFile(path.join(repo.dir, '.git/config'), path.join(fake, 'config'))
  await fs.writeFile(path.join(fake, 'HEAD'), 'ref: refs/heads/main\n')
  const scratch = async () => path.join(repo.home, 'scratch')
  for (const cwd of [fake, path.join(fake, 'refs')]) {
    t.true(isLeftToGit(repo, cwd))
    await t.throwsAsync(openReader({ cwd, env: repo.env, scratch }), { code: 'UNSUPPORTED_REPOSITORY' })
  }
  t.true(isLeftToGit(repo, path.join(repo.dir, '.git', 'refs')))
})

test('links in the place of files and directories are left to git', async (t) => {
  const repo = await manyVersions(t)
  const git = path.join(repo.dir, '.git')
  const files = await opened(t, repo)
  await fs.symlink('heads', path.join(git, 'refs/notes-remote'))
  t.is(files.refs('refs/notes-remote/'), undefined)
  await fs.mkdir(path.join(git, 'refs/notes'))
  await fs.symlink('../heads/main', path.join(git, 'refs/notes/linked'))
  t.is(files.find('refs/notes/linked'), undefined)
  await fs.rename(git, path.join(repo.dir, 'moved'))
  await fs.symlink('moved', git)
  t.true(isLeftToGit(repo))
})
