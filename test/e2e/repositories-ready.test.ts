import { readFile, symlink, writeFile } from 'node:fs/promises'
import type { ExecutionContext } from 'ava'
import { nothingLeft } from '../helpers/left.ts'
import { pp, type Ran } from '../helpers/pp.ts'
import { type Files, type TestRepo, tempRepo } from '../helpers/repo.ts'
import { oneIn } from '../helpers/sample.ts'

const test = oneIn(3)

const IGNORE = 'node_modules/\n.venv\ndata/\n*.local\n.env\n'

/** A repository whose uncommitted work makes `want.txt` say good; the commands here are green when that is so and `needs` holds. */
async function project(t: ExecutionContext, files: Files = {}): Promise<TestRepo> {
  const repo = await tempRepo(t, { '.gitignore': IGNORE, 'want.txt': 'bad\n', ...files })
  await repo.write('want.txt', 'good\n')
  return repo
}

const green = (needs: string) => `set -e; ${needs}; grep -q good want.txt`

/** `prove` that must leave everything of the user's as it was. */
async function proves(t: ExecutionContext, repo: TestRepo, needs: string, ...more: string[]): Promise<Ran> {
  const before = await repo.snapshotState()
  const ran = await pp(repo, ['prove', green(needs), '--runs', '0', '--json', ...more])
  t.deepEqual(await repo.snapshotState(), before)
  await nothingLeft(repo)
  return ran
}

async function environmentOf(t: ExecutionContext, repo: TestRepo, ran: Ran): Promise<Record<string, unknown>> {
  const dir = `${repo.home}/bundle`
  t.is((await pp(repo, ['export', String(ran.json['session']), dir])).status, 0)
  return JSON.parse(await readFile(`${dir}/environment.json`, 'utf8')) as Record<string, unknown>
}

test('dependency directories of the checkout are there, and what a command writes to them reaches nobody', async (t) => {
  const repo = await project(t, { 'sub/package.json': '{}\n' })
  await repo.write('node_modules/dep/index.js', 'module.exports = 1\n')
  await repo.write('sub/node_modules/dep/index.js', 'module.exports = 2\n')
  await repo.write('.venv/lib/dep.py', 'x = 1\n')
  const writes = '{ echo spoilt >node_modules/dep/index.js; echo more >.venv/new; } 2>/dev/null || :'
  const needs = `test -f .venv/lib/dep.py; grep -q 'exports = 2' sub/node_modules/dep/index.js; grep -q 'exports = 1' node_modules/dep/index.js; ${writes}`
  const ran = await proves(t, repo, needs)
  t.is(ran.json.verdict, 'PASSED_ONCE', ran.stdout)
  const { includes } = (await environmentOf(t, repo, ran)) as { includes: Record<string, unknown>[] }
  t.deepEqual(
    includes.map(({ path, files, complete, covers }) => ({ path, files, complete, covers })),
    [
      { path: '.venv', files: 1, complete: true, covers: 'contents' },
      { path: 'node_modules', files: 1, complete: true, covers: 'contents' },
      { path: 'sub/node_modules', files: 1, complete: true, covers: 'contents' },
    ],
  )
  t.true(includes.every(({ digest }) => /^[0-9a-f]{64}$/.test(String(digest))))
})

test('a dependency directory behind a symlink is there, too', async (t) => {
  const repo = await project(t)
  await repo.write('../shared/dep/index.js', 'module.exports = 1\n')
  await writeFile(`${repo.dir}/.git/info/exclude`, 'node_modules\n')
  await symlink('../shared', `${repo.dir}/node_modules`)
  const ran = await proves(
    t,
    repo,
    'test -f node_modules/dep/index.js; (echo x >node_modules/dep/index.js) 2>/dev/null || :',
  )
  t.is(ran.json.verdict, 'PASSED_ONCE', ran.stdout)
  t.is(await readFile(`${repo.home}/../shared/dep/index.js`, 'utf8'), 'module.exports = 1\n')
})

test('--include brings what git ignores, relative to where it is typed, and the content of a dotenv file is hidden', async (t) => {
  const repo = await project(t, { 'app/main.txt': 'x\n' })
  await repo.write('app/data/rows.csv', '1,2\n')
  await repo.write('.env', 'PASSWORD=correct-horse-battery\n')
  const before = await repo.snapshotState()
  const args = [
    'prove',
    'cat ../.env data/rows.csv; grep -q good ../want.txt',
    '--include',
    'data',
    '--include',
    '../.env',
  ]
  const ran = await pp(repo, [...args, '--runs', '0', '--json'], { cwd: `${repo.dir}/app` })
  t.is(ran.json.verdict, 'PASSED_ONCE', ran.stdout)
  const session = String(ran.json['session'])
  const dir = `${repo.home}/bundle`
  await pp(repo, ['export', session, dir])
  const output = await readFile(`${dir}/attempts/0_baseline/command/stdout`, 'utf8')
  t.regex(output, /1,2/)
  t.notRegex(output, /correct-horse/)
  t.deepEqual(await repo.snapshotState(), before)
})

test('an include that is not there, leads out or is part of the tree is refused before anything runs', async (t) => {
  const repo = await project(t)
  for (const [path, words] of [
    ['nothing', /cannot include nothing/],
    ['../home', /inside the work tree/],
    ['/etc', /inside the work tree|no such file/],
    ['.git', /inside the work tree/],
    ['want.txt', /part of the tree/],
  ] as const) {
    const ran = await proves(t, repo, 'true', '--include', path)
    t.is(ran.status, 2, ran.stdout)
    t.regex(String(ran.json.reason), words)
  }
})

test('a policy may name what this checkout does not have: that is said, and nothing is refused', async (t) => {
  const repo = await project(t, { 'pp.yaml': 'policy: {worktree: {include: [.venv]}}\n' })
  const ran = await proves(t, repo, 'true')
  t.is(ran.json.verdict, 'PASSED_ONCE', ran.stdout)
  t.deepEqual(ran.json['warnings'], ['worktree.include names .venv, which does not exist here'])
})

test('what .worktreeinclude matches comes along if git ignores it, and nothing else does', async (t) => {
  const list = '# for every worktree\ndata/\n*.local\n!never.local\nloose.txt\nwant.txt\n'
  const repo = await project(t, { '.worktreeinclude': list, 'conf/base.txt': 'x\n' })
  await writeFile(`${repo.dir}/.git/info/exclude`, 'secret/\n')
  await repo.write('data/deep/rows.csv', 'rows\n')
  await repo.write('conf/mine.local', 'mine\n')
  await repo.write('never.local', 'never\n')
  await repo.write('secret/key', 'key\n')
  const needs = 'test -f data/deep/rows.csv; test -f conf/mine.local; test ! -e never.local; test ! -e secret'
  const ran = await proves(t, repo, needs)
  t.is(ran.json.verdict, 'PASSED_ONCE', ran.stdout)
  const { includes } = (await environmentOf(t, repo, ran)) as { includes: { path: string }[] }
  t.deepEqual(includes.map(({ path }) => path).sort(), ['conf/mine.local', 'data'])
})

test('a .worktreeinclude of the change brings nothing: the base decides', async (t) => {
  const repo = await project(t)
  await repo.write('data/rows.csv', 'rows\n')
  await repo.commit('good')
  await repo.commit('take data along', { '.worktreeinclude': 'data/\n' })
  const ran = await pp(repo, ['prove', 'HEAD', 'test -d data', '--runs', '0', '--json'])
  t.is(ran.json.verdict, 'DENIED', ran.stdout)
})

test('setup runs once, what it makes is in every worktree, and the checkout gets none of it', async (t) => {
  const repo = await project(t)
  const setup = 'mkdir -p node_modules/dep && echo made >>node_modules/dep/index.js && echo ran >>setup.log'
  const needs = 'test "$(cat node_modules/dep/index.js)" = made; test "$(cat setup.log)" = ran'
  const ran = await proves(t, repo, needs, '--setup', setup)
  t.is(ran.json.verdict, 'PASSED_ONCE', ran.stdout)
  const { includes } = (await environmentOf(t, repo, ran)) as { includes: { path: string; files: number }[] }
  t.deepEqual(
    includes.map(({ path, files }) => ({ path, files })),
    [
      { path: 'node_modules', files: 1 },
      { path: 'setup.log', files: 1 },
    ],
  )
})

test('a setup that fails ends the session with status 6 and its last words', async (t) => {
  const repo = await project(t)
  const ran = await proves(t, repo, 'true', '--setup', 'echo no such registry; exit 3')
  t.is(ran.status, 6)
  t.is(ran.json.verdict, 'NOT_RUN')
  t.regex(String(ran.json.reason), /setup failed on the base \(exit status 3\): no such registry/)
})

const TOKEN = 'Zx8Qw2Lk5Vn9Rt3Yb7'
const WITH_TOKEN = (setup: string) =>
  `policy:\n  worktree: {setup: ${JSON.stringify(setup)}, setup_env: [NPM_TOKEN, PIP_INDEX_URL]}\n`
const COMPANY = { NPM_TOKEN: TOKEN, PIP_INDEX_URL: 'https://packages.example.com/simple' }

test('variables of setup alone are there in setup and in no run, and their values are masked', async (t) => {
  const setup = 'test "$NPM_TOKEN" && mkdir node_modules && echo "from $PIP_INDEX_URL" >node_modules/where'
  const repo = await project(t, { 'pp.yaml': WITH_TOKEN(setup) })
  const needs =
    'test -z "$NPM_TOKEN$PIP_INDEX_URL"; grep -q packages.example.com node_modules/where; cat node_modules/where'
  const ran = await pp(repo, ['prove', green(needs), '--runs', '0', '--json'], { env: COMPANY })
  t.is(ran.json.verdict, 'PASSED_ONCE', ran.stdout + ran.stderr)
  const dir = `${repo.home}/bundle`
  t.is((await pp(repo, ['export', String(ran.json['session']), dir])).status, 0)
  t.is((await readFile(`${dir}/attempts/1/command/stdout`, 'utf8')).trim(), 'from [redacted:PIP_INDEX_URL]')
  const { worktree } = JSON.parse(await readFile(`${dir}/policy.json`, 'utf8'))
  t.deepEqual(worktree.setupEnv, ['NPM_TOKEN', 'PIP_INDEX_URL'])

  const failing = await project(t, { 'pp.yaml': WITH_TOKEN('echo "no such package for $NPM_TOKEN"; exit 3') })
  const said = await pp(failing, ['prove', green(':'), '--json'], { env: COMPANY })
  t.regex(String(said.json.reason), /: no such package for \[redacted:NPM_TOKEN\]$/)
})

for (const [how, file, write] of [
  ['as it is', '.npmrc', 'echo "//r/:_authToken=$NPM_TOKEN" >.npmrc'],
  [
    'in base64',
    'node_modules/a/b.json',
    'mkdir -p node_modules/a && printf x$NPM_TOKEN | base64 >node_modules/a/b.json',
  ],
] as const)
  test(`what setup leaves with the value of such a variable in it is refused, ${how}`, async (t) => {
    const repo = await project(t, { 'pp.yaml': WITH_TOKEN(write) })
    const ran = await pp(repo, ['prove', green(':'), '--json'], { env: COMPANY })
    t.is(ran.json.verdict, 'NOT_RUN', ran.stdout)
    t.is(
      ran.json.reason,
      `setup left the value of the variable NPM_TOKEN in ${file}, where every later run could read it`,
    )
    t.false((ran.stdout + ran.stderr).includes(TOKEN))
    await nothingLeft(repo)
  })

test('--env lets one variable through and no other', async (t) => {
  const repo = await project(t)
  const env = { DATABASE_URL: 'db://here', OTHER_URL: 'x' }
  const needs = 'test "$DATABASE_URL" = db://here; test -z "$OTHER_URL"'
  const args = ['prove', green(needs), '--runs', '0', '--json']
  const seen = await pp(repo, [...args, '--env', 'DATABASE_URL', '--env', 'PATH', '--env', 'UNSET'], { env })
  t.is(seen.json.verdict, 'PASSED_ONCE')
  t.deepEqual(seen.json['variables'], ['DATABASE_URL'], 'of what was named only what was seen because of that')
  t.regex((await pp(repo, ['show'])).stdout, /^PASSED_ONCE \(sees variables DATABASE_URL\): /)
  await environmentOf(t, repo, seen)
  t.regex(
    await readFile(`${repo.home}/bundle/final_summary.md`, 'utf8'),
    /^# PASSED_ONCE \(sees variables DATABASE_URL\)$/m,
  )
  const without = await pp(repo, args, { env })
  t.not(without.status, 0, without.stdout)
})
