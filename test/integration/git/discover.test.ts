import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { openRepository } from '../../../src/engine/git/repository.ts'
import { ABSENT } from '../../helpers/absent.ts'
import { stateOf, type TestRepo, tempRepo } from '../../helpers/repo.ts'
import { open, scratchOf } from '../../unit/git/open.ts'

test('from a subdirectory the prefix is that directory', async (t) => {
  const repo = await tempRepo(t, { 'sub/dir ü/a': 'a\n' }, { name: 'my repo ä' })
  const { place } = await open(t, repo, 'sub/dir ü')
  t.deepEqual(place, {
    top: repo.dir,
    prefix: 'sub/dir ü',
    gitDir: path.join(repo.dir, '.git'),
    commonDir: path.join(repo.dir, '.git'),
    objectFormat: 'sha1',
  })
  t.is((await open(t, repo)).place.prefix, '')
})

test('a linked work tree has its own git directory and the common one', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  await repo.git('worktree', 'add', '-q', '../linked')
  const { place, head } = await open(t, repo, '../linked')
  t.is(place.top, path.join(repo.dir, '../linked'))
  t.is(place.gitDir, path.join(repo.dir, '.git/worktrees/linked'))
  t.is(place.commonDir, path.join(repo.dir, '.git'))
  t.is(await head(), await repo.git('rev-parse', 'HEAD'))
})

test('GIT_DIR and GIT_WORK_TREE of the caller count once and are not passed on', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const other = await tempRepo(t, { b: 'b\n' })
  const env = { GIT_DIR: path.join(other.dir, '.git'), GIT_WORK_TREE: other.dir, GIT_OBJECT_DIRECTORY: ABSENT }
  const { GIT_OBJECT_DIRECTORY: _, ...place } = env
  const opened = await open(t, repo, '', place)
  t.is(opened.place.top, other.dir)
  t.is((await opened.objects.list(await other.git('rev-parse', 'HEAD^{tree}')))[0]?.path, 'b')
})

test('outside of a repository it is NOT_A_REPOSITORY', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const host = { env: { ...repo.env, GIT_CEILING_DIRECTORIES: repo.home }, scratch: scratchOf(repo) }
  await t.throwsAsync(openRepository({ ...host, cwd: repo.home }), { code: 'NOT_A_REPOSITORY', message: /home/ })
  await t.throwsAsync(openRepository({ ...host, cwd: ABSENT }), {
    code: 'NOT_A_REPOSITORY',
    message: /no longer exists/,
  })
})

test('a bare repository, a git directory and an unborn branch are refused with the way out', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const fresh = await tempRepo(t, { a: 'a\n' }, { committed: false })
  await repo.git('clone', '-q', '--bare', '.', '../bare.git')
  const refused = (message: RegExp) => ({ code: 'UNSUPPORTED_REPOSITORY', message })
  await t.throwsAsync(open(t, repo, '../bare.git'), refused(/bare repository/))
  await t.throwsAsync(open(t, repo, '.git'), refused(/in a git directory.*change to a work tree/))
  await t.throwsAsync(open(t, fresh), refused(/no commit yet/))
})

test('a repository of another owner is refused with the command that git names', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const error = await t.throwsAsync(open(t, repo, '', { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' }), {
    code: 'FOREIGN_REPOSITORY',
    message: /git config --global --add safe\.directory/,
  })
  const mend = (error as unknown as { mend: string }).mend
  t.true(mend.includes(repo.dir))
  await repo.git(...mend.split(' ').slice(1))
  t.is((await open(t, repo, '', { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' })).place.top, repo.dir)
})

test('no git, or one that is too old, is said', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const host = { cwd: repo.dir, env: repo.env, scratch: scratchOf(repo) }
  await t.throwsAsync(openRepository({ ...host, git: path.join(repo.home, 'no-git') }), {
    message: /install git 2\.36/,
  })
  const old = path.join(repo.home, 'old-git')
  await fs.writeFile(old, '#!/bin/sh\ncase "$*" in *version) echo git version 2.30.2; exit;; esac\nexec git "$@"\n', {
    mode: 0o755,
  })
  await t.throwsAsync(openRepository({ ...host, git: old }), { message: /needs git 2\.36 or newer.*2\.30\.2/ })
})

test('configuration tells where each value is from, the last one wins', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  await repo.git('config', '--global', 'pp.sandbox', 'unshare')
  await repo.git('config', 'pp.Sandbox', 'none')
  await repo.git('config', '--add', 'pp.trailer', 'a\nb')
  const { config } = await open(t, repo, '', { GIT_CONFIG_PARAMETERS: "'pp.jobs'='2'" })
  t.deepEqual(Object.fromEntries(await config('pp.')), {
    'pp.sandbox': [
      { value: 'unshare', scope: 'global' },
      { value: 'none', scope: 'local' },
    ],
    'pp.trailer': [{ value: 'a\nb', scope: 'local' }],
    'pp.jobs': [{ value: '2', scope: 'command' }],
  })
  t.is((await config()).get('user.name')?.[0]?.value, 'A U Thor')
})

test('opening and closing leaves no file and changes nothing', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const before = await stateOf(repo)
  const opened = await open(t, repo)
  await opened.objects.list(await repo.git('rev-parse', 'HEAD^{tree}'))
  t.is((await fs.stat(scratchOf(repo))).mode & 0o777, 0o700)
  await opened.dispose()
  t.deepEqual(await fs.readdir(scratchOf(repo)), [])
  t.deepEqual(await stateOf(repo), before)
})

test('an aborted call is INTERRUPTED', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const stop = new AbortController()
  const opened = await openRepository({ cwd: repo.dir, env: repo.env, scratch: scratchOf(repo), signal: stop.signal })
  t.teardown(() => opened.dispose())
  const listing = opened.objects.list(await repo.git('rev-parse', 'HEAD^{tree}'))
  stop.abort()
  await t.throwsAsync(listing, { code: 'INTERRUPTED' })
})

/** A tracked directory that looks like a bare repository, with a work tree below it and a setting that names a program. */
async function withEmbedded(t: ExecutionContext): Promise<TestRepo> {
  const repo = await tempRepo(t, { a: 'a\n' })
  const inner = path.join(repo.dir, 'sub')
  await repo.git('init', '-q', '--bare', inner)
  await repo.write('sub/wt/t.sh', 'exit 1\n')
  await repo.git('--git-dir', inner, '--work-tree', path.join(inner, 'wt'), 'add', '-A')
  await repo.git('--git-dir', inner, '--work-tree', path.join(inner, 'wt'), 'commit', '-q', '-m', 'inner')
  await fs.rm(path.join(inner, 'hooks'), { recursive: true })
  await repo.write(
    'sub/config',
    '[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = wt\n[pp]\n\tcommand = "touch canary"\n',
  )
  await repo.commit('outer')
  return repo
}

test('files of a checkout that look like a repository are none, for every version of git', async (t) => {
  const repo = await withEmbedded(t)
  const deaf = path.join(repo.home, 'deaf-git')
  await fs.writeFile(deaf, '#!/bin/sh\n[ "$2" = safe.bareRepository=explicit ] && shift 2\nexec git "$@"\n', {
    mode: 0o755,
  })
  const host = { cwd: path.join(repo.dir, 'sub/wt'), env: repo.env, scratch: scratchOf(repo) }
  const refused = { code: 'UNSUPPORTED_REPOSITORY', message: /only look like one.*GIT_DIR/ }
  await t.throwsAsync(openRepository(host), refused)
  await t.throwsAsync(openRepository({ ...host, git: deaf }), refused)
})

test('named by GIT_DIR such a directory is opened, and what it says of programs is refused', async (t) => {
  const repo = await withEmbedded(t)
  const inner = path.join(repo.dir, 'sub')
  const { place, config } = await open(t, repo, 'sub/wt', { GIT_DIR: '..', GIT_WORK_TREE: '.' })
  t.is(await fs.realpath(place.gitDir), inner)
  const error = await t.throwsAsync(config('pp.'), { code: 'USAGE', message: /pp\.command.*sub\/config.*work tree/ })
  t.regex((error as unknown as { mend: string }).mend, /git config --global pp\.command/)
})

test('a .git file that leads elsewhere is a way in', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const apart = path.join(repo.home, 'apart')
  await repo.git('init', '-q', '--separate-git-dir', apart)
  await repo.git('config', 'pp.command', 'mine')
  const { place, config } = await open(t, repo)
  t.is(place.gitDir, apart)
  t.is((await config('pp.')).get('pp.command')?.[0]?.value, 'mine')
})

test('an included file of the work tree says nothing of programs, one of the git directory does', async (t) => {
  const repo = await tempRepo(t, { team: '[pp]\n\tcommand = theirs\n', 'd/a': 'a\n' })
  await fs.writeFile(path.join(repo.dir, '.git/mine'), '[pp]\n\tcommand = mine\n')
  await repo.git('config', 'include.path', 'mine')
  t.is((await (await open(t, repo, 'd')).config('pp.')).get('pp.command')?.[0]?.value, 'mine')
  await repo.git('config', 'include.path', '../team')
  await t.throwsAsync((await open(t, repo, 'd')).config('pp.'), { code: 'USAGE', message: /team/ })
  await repo.git('config', '--unset', 'include.path')
  await repo.git('config', '--global', 'include.path', path.join(repo.dir, 'team'))
  t.is((await (await open(t, repo, 'd')).config('pp.')).get('pp.command')?.[0]?.scope, 'global')
})
