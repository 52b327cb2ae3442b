import { execFile, execFileSync } from 'node:child_process'
import { chmod, chown, mkdir, rename, symlink, utimes, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import test, { type ExecutionContext } from 'ava'
import { launch } from '../../helpers/launch.ts'
import { nothingLeft } from '../../helpers/left.ts'
import { where } from '../../helpers/needs.ts'
import { giveAway, ORDINARY } from '../../helpers/ordinary.ts'
import { BIN, pp, type Ran } from '../../helpers/pp.ts'
import { type Files, fsckClean, type RepoOptions, type TestRepo, tempRepo } from '../../helpers/repo.ts'

const COMMAND = 'grep -q good state.txt'

/** A repository whose uncommitted work makes `state.txt` say good. */
async function project(t: ExecutionContext, files: Files = {}, options: RepoOptions = {}): Promise<TestRepo> {
  const repo = await tempRepo(t, { 'state.txt': 'bad\n', ...files }, options)
  await repo.write('state.txt', 'good\n')
  return repo
}

interface How {
  readonly command?: string
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly worktrees?: number
}

/** The uncommitted work is proved, and nothing of the user's changes by it. */
async function proved(
  t: ExecutionContext,
  repo: TestRepo,
  { command = COMMAND, worktrees = 1, ...how }: How = {},
): Promise<Ran> {
  const before = await repo.snapshotState()
  const ran = await pp(repo, ['prove', command, '--runs', '1', '--json'], how)
  t.is(ran.json.verdict, 'PROVED', ran.stdout + ran.stderr)
  t.is(ran.status, 0)
  t.deepEqual(await repo.snapshotState(), before)
  await nothingLeft(repo, { worktrees })
  await fsckClean(repo)
  return ran
}

/** Nothing is started: this status, and one sentence. */
async function refused(t: ExecutionContext, repo: TestRepo, status: number, words: RegExp, how: How = {}) {
  const ran = await pp(repo, ['run', COMMAND, '--json'], how)
  t.is(ran.status, status, ran.stdout + ran.stderr)
  t.regex(String(ran.json.reason), words)
  t.false(String(ran.json.reason).includes('\n'))
}

test('a command runs in the subdirectory where it was typed', async (t) => {
  const repo = await project(t, { 'deep/er/x.txt': 'x\n' })
  const ran = await proved(t, repo, {
    command: 'test -f x.txt && grep -q good ../../state.txt',
    cwd: `${repo.dir}/deep/er`,
  })
  t.is((ran.json['targets'] as { cwd: string }[])[0]?.cwd, 'deep/er')
})

test('a linked worktree has its own newest session, and shares the proofs', async (t) => {
  const repo = await project(t)
  const linked = `${repo.home}/linked`
  await repo.git('worktree', 'add', '-q', '--detach', linked)
  await writeFile(`${linked}/state.txt`, 'good\n')
  const ran = await proved(t, repo, { cwd: linked, worktrees: 2 })
  t.is(await repo.git('-C', linked, 'rev-parse', 'PP_HEAD'), String(ran.json['final']))
  await t.throwsAsync(repo.git('rev-parse', '--verify', '-q', 'PP_HEAD'))
  t.is((await pp(repo, ['show', String(ran.json['session']), '--json'])).json.verdict, 'PROVED')
})

test('a submodule is there, at its recorded commit, without any network', async (t) => {
  const library = await tempRepo(t, { 'lib.txt': 'one\n' })
  const repo = await project(t)
  await repo.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library.dir, 'lib')
  await repo.git('commit', '-q', '-m', 'library', '--', '.gitmodules', 'lib')
  await proved(t, repo, { command: `grep -q one lib/lib.txt && ${COMMAND}` })
})

test('files of git-lfs stay pointers where it is not installed, and that is said', async (t) => {
  const repo = await project(t, { '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n' })
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 9\n`
  await repo.write('model.bin', pointer)
  await utimes(`${repo.dir}/model.bin`, 1_600_000_000, 1_600_000_000)
  await repo.git('add', 'model.bin')
  await repo.git('commit', '-q', '-m', 'model')
  for (const [key, value] of Object.entries({
    clean: 'git-lfs clean -- %f',
    smudge: 'git-lfs smudge -- %f',
    process: 'git-lfs filter-process',
    required: 'true',
  }))
    await repo.git('config', '--global', `filter.lfs.${key}`, value)
  const ran = await proved(t, repo, { command: `grep -q spec model.bin && ${COMMAND}` })
  t.true((ran.json['warnings'] as string[]).includes("the filter 'lfs' was not run for 1 file"), ran.stdout)
  const reading = 'grep -q content model.bin || { echo "model.bin: no such format" >&2; exit 1; }'
  const still = await pp(repo, ['prove', `${reading} && ${COMMAND}`, '--json'])
  t.is(still.json.verdict, 'NOT_FIXED', still.json.reason)
  t.regex(
    String(still.json['mend']),
    /^model\.bin is only a git-lfs pointer in every run, .* add --include with the path of the copy$/,
  )
})

test('a sparse checkout and a repository with sha256 are as good as any', async (t) => {
  const sparse = await project(t, { 'in/a.txt': 'a\n', 'out/b.txt': 'b\n' })
  await sparse.git('sparse-checkout', 'set', '--cone', 'in')
  await proved(t, sparse)
  const modern = await project(t, {}, { format: 'sha256' })
  t.is(String((await proved(t, modern)).json['final']).length, 64)
})

test('paths may hold blanks, quotes, newlines, other letters and other bytes', async (t) => {
  const odd = [
    'sp ace/ta\tb',
    'quo"te\'s',
    'new\nline/x',
    'ünï/文',
    '#hash',
    'back\\slash',
    '-rf',
    '$(x)',
    'tests/test_new\nline "q".py',
  ]
  const files = Object.fromEntries(odd.map((path) => [path, 'x\n']))
  const repo = await project(t, files, { name: `it's a "repo" ünï $x` })
  await mkdir(`${repo.dir}/new\nline/node_modules`)
  await writeFile(`${repo.dir}/.git/info/exclude`, 'node_modules\n')
  await writeFile(`${repo.dir}/new\nline/node_modules/dep`, 'dep\n')
  const there = `test "$(find . -path ./.git -prune -o -type f -print0 | tr -cd '\\0' | wc -c)" = ${odd.length + 2}`
  await proved(t, repo, { command: `${there} && ${COMMAND}` })
  await proved(t, repo, {
    command: `test -f 'new
line/node_modules/dep' && ${COMMAND}`,
  })
  await proved(t, repo, { command: 'grep -q good ../state.txt', cwd: `${repo.dir}/sp ace` })
  await refused(t, repo, 2, /newline/, { cwd: `${repo.dir}/new\nline` })
})

test('a path whose bytes are no text is a path', async (t) => {
  const repo = await project(t)
  const script = `printf y >"$(printf 'latin\\351')" && git add latin* && git commit -qm latin latin*`
  execFileSync('sh', ['-c', script], { cwd: repo.dir, env: repo.env })
  const ran = await pp(repo, ['prove', `test -f latin* && ${COMMAND}`, '--runs', '1', '--json'])
  t.is(ran.json.verdict, 'PROVED', ran.stdout)
  await nothingLeft(repo)
})

test('a repository in a directory whose name holds a newline is refused in one sentence', async (t) => {
  const repo = await project(t, {}, { name: 'new\nline' })
  await refused(t, repo, 2, /newline/)
})

test('symlinks of the tree are there as they are, and lead nowhere else', async (t) => {
  const repo = await tempRepo(t, { 'real/a.txt': 'a\n', 'state.txt': 'bad\n' })
  await symlink('real', `${repo.dir}/dir`)
  await symlink('real/a.txt', `${repo.dir}/file`)
  await symlink('nowhere', `${repo.dir}/dangling`)
  await symlink('../home/.gitconfig', `${repo.dir}/out`)
  await repo.commit('links')
  await repo.write('state.txt', 'good\n')
  const command = `test -h dangling && grep -q a dir/a.txt && grep -q a file && ! cat out && ${COMMAND}`
  await proved(t, repo, { command })
})

test('names that differ in case alone are two files', async (t) => {
  const repo = await project(t, { 'Readme.txt': 'one\n', 'README.txt': 'two\n' })
  await proved(t, repo, { command: `grep -q one Readme.txt && grep -q two README.txt && ${COMMAND}` })
})

test('a detached HEAD and a shallow clone are as good as any', async (t) => {
  const repo = await tempRepo(t, { 'state.txt': 'bad\n' })
  await repo.commit('second', { 'a.txt': 'a\n' })
  await repo.git('checkout', '-q', '--detach')
  await repo.write('state.txt', 'good\n')
  await proved(t, repo)
  const shallow = `${repo.home}/shallow`
  await repo.git('clone', '-q', '--depth=1', `file://${repo.dir}`, shallow)
  await writeFile(`${shallow}/state.txt`, 'good\n')
  const ran = await pp(repo, ['prove', COMMAND, '--runs', '1', '--json'], { cwd: shallow })
  t.is(ran.json.verdict, 'PROVED', ran.stdout)
  const older = await pp(repo, ['prove', 'HEAD~1', COMMAND, '--json'], { cwd: shallow })
  t.is(older.status, 2, older.stdout)
})

test('no commit yet, an unfinished merge and a bare repository are refused in one sentence', async (t) => {
  const unborn = await tempRepo(t, { 'a.txt': 'a\n' }, { committed: false })
  await refused(t, unborn, 2, /commit something first/)

  const merging = await tempRepo(t, { 'a.txt': 'a\n' })
  await merging.git('checkout', '-q', '-b', 'side')
  await merging.commit('side', { 'a.txt': 'side\n' })
  await merging.git('checkout', '-q', 'main')
  await merging.commit('main', { 'a.txt': 'main\n' })
  await t.throwsAsync(merging.git('merge', '-q', 'side'))
  const before = await merging.snapshotState()
  await refused(t, merging, 2, /unfinished merge/)
  t.deepEqual(await merging.snapshotState(), before)

  await unborn.git('init', '-q', '--bare', `${unborn.home}/bare`)
  await refused(t, unborn, 2, /bare repository/, { cwd: `${unborn.home}/bare` })
  await refused(t, merging, 2, /git directory/, { cwd: `${merging.dir}/.git` })
})

const asRoot = where(process.getuid?.() === 0, 'only root may give files away')

asRoot('a repository of another user is refused with status 4, and what to type if it is trusted', async (t) => {
  const repo = await project(t)
  for (const path of [repo.dir, `${repo.dir}/.git`]) await chown(path, 65534, 65534)
  const ran = await pp(repo, ['run', COMMAND, '--json'])
  t.is(ran.status, 4, ran.stdout)
  t.is(ran.json.verdict, 'DENIED')
  t.regex(String(ran.json.reason), /belongs to another user.*safe\.directory/)
  await nothingLeft({ ...repo, git: (...args) => repo.git('-c', `safe.directory=${repo.dir}`, ...args) })
})

test('a tracked file that may not be read is named, and the session goes by what is committed', async (t) => {
  const repo = await project(t, { 'private.txt': 'p\n' })
  await giveAway(repo)
  await repo.git('config', '--global', 'safe.directory', '*')
  await chmod(`${repo.dir}/private.txt`, 0o000)
  const ran = await launch(t, repo, ['prove', COMMAND, '--runs', '1', '--json'], {}, ORDINARY).ended
  t.is(ran.json.verdict, 'PROVED', ran.stdout + ran.stderr)
  t.deepEqual(ran.json['warnings'], ['private.txt is left out of the base: you have no permission to read it'])
  await nothingLeft(repo)
})

test('a hook or an alias may set GIT_DIR and GIT_WORK_TREE', async (t) => {
  const repo = await project(t)
  await proved(t, repo, { env: { GIT_DIR: '.git', GIT_WORK_TREE: '.' } })
  await proved(t, repo, {
    env: { GIT_DIR: `${repo.dir}/.git`, GIT_WORK_TREE: repo.dir, GIT_PREFIX: '' },
    cwd: repo.home,
  })
  const alias = `!"${process.execPath}" "${BIN}" prove "${COMMAND}" --runs 0 --json`
  const printed = await repo.git('-c', `alias.check=${alias}`, 'check')
  t.is((JSON.parse(printed) as { verdict: string }).verdict, 'PASSED_ONCE')
})

test('from a pre-commit hook it judges what is in the files, and the commit is made as it was meant', async (t) => {
  const repo = await project(t, { 'other.txt': 'x\n' })
  await repo.write('other.txt', 'y\n')
  const hook = `#!/bin/sh\nexec "${process.execPath}" "${BIN}" prove '${COMMAND} && ! env | grep -q ^GIT_' --runs 0 --json >"$HOME/answer"\n`
  await repo.write('.git/hooks/pre-commit', hook)
  await chmod(`${repo.dir}/.git/hooks/pre-commit`, 0o755)
  await repo.git('commit', '-q', '-m', 'only the state', '--', 'state.txt')
  const answer = JSON.parse(execFileSync('cat', [`${repo.home}/answer`], { encoding: 'utf8' })) as { verdict: string }
  t.is(answer.verdict, 'PASSED_ONCE')
  t.is(
    await repo.git('show', '--stat=80', '--format=', 'HEAD'),
    ' state.txt | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)',
  )
  t.is(await repo.git('status', '--porcelain'), ' M other.txt')
  await nothingLeft(repo)
  await fsckClean(repo)
})

test('no hook of the repository runs, wherever its hooks are', async (t) => {
  const repo = await project(t)
  const hooks =
    'applypatch-msg pre-applypatch post-applypatch pre-commit prepare-commit-msg commit-msg post-commit post-checkout post-merge pre-push post-rewrite reference-transaction post-index-change fsmonitor-watchman pre-auto-gc'
  for (const dir of ['.git/hooks', '../hooks'])
    for (const name of hooks.split(' ')) {
      await repo.write(`${dir}/${name}`, `#!/bin/sh\necho ${name} >>"${repo.home}/mark"\n`)
      await chmod(`${repo.dir}/${dir}/${name}`, 0o755)
    }
  const marks = () =>
    promisify(execFile)('cat', [`${repo.home}/mark`]).then(
      ({ stdout }) => stdout,
      () => '',
    )
  const ran = await pp(repo, ['prove', COMMAND, '--runs', '1', '--json'])
  t.is(ran.json.verdict, 'PROVED', ran.stdout)
  t.is(await marks(), '')
  await repo.git('config', 'core.hooksPath', `${repo.home}/../hooks`)
  await repo.git('config', 'core.fsmonitor', `${repo.home}/../hooks/fsmonitor-watchman`)
  const again = await pp(repo, ['run', COMMAND, '--json'])
  t.is(again.json.verdict, 'ALREADY_GREEN', again.stdout)
  t.is(await marks(), '')
})

test('a note ref in the place of ours is named before anything runs, with the way out', async (t) => {
  const repo = await project(t)
  await repo.git('notes', '--ref=pp', 'add', '-m', 'mine')
  const before = await repo.snapshotState()
  const ran = await pp(repo, ['prove', COMMAND, '--json'])
  t.is(ran.status, 128, ran.stdout)
  t.regex(String(ran.json.reason), /refs\/notes\/pp is in the way/)
  t.regex(String(ran.json['mend']), /^git update-ref /)
  t.notRegex(ran.stderr, /base/)
  t.deepEqual(await repo.snapshotState(), before)
  await nothingLeft(repo)
  execFileSync('sh', ['-c', String(ran.json['mend'])], { cwd: repo.dir, env: repo.env })
  t.is((await pp(repo, ['prove', COMMAND, '--runs', '1', '--json'])).json.verdict, 'PROVED')
})

test('a checkout that was moved, and a home that cannot be found, are no obstacle', async (t) => {
  const repo = await project(t)
  const moved = `${repo.home}/moved`
  await rename(repo.dir, moved)
  const { HOME: _home, ...env } = repo.env
  const there = { ...repo, dir: moved, env, git: (...args: string[]) => repo.git('-C', moved, ...args) }
  await mkdir(repo.dir)
  const ran = await pp(there, ['prove', COMMAND, '--runs', '1', '--json'])
  t.is(ran.json.verdict, 'PROVED', ran.stdout)
})

test('thousands of test files: those nearest to the top are read-only, and the proof says how many are not', async (t) => {
  const files = Object.fromEntries(Array.from({ length: 3_200 }, (_, n) => [`test/u/a${n}.test.js`, '// nothing\n']))
  const { json } = await proved(t, await project(t, files))
  t.true((json['notShown'] as string[]).some((text) => /^2200 judges were not read-only/.test(text)))
})
