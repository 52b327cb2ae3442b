import { spawn } from 'node:child_process'
import * as fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import * as path from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { ABSENT } from '../helpers/absent.ts'
import { BIN } from '../helpers/pp.ts'

interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

function start(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const whole = { PATH: process.env['PATH'], HOME: cwd, GIT_CONFIG_NOSYSTEM: '1', ...env }
  const child = spawn(program, args, { cwd, env: whole, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (bytes) => {
    said.stdout += bytes
  })
  child.stderr.on('data', (bytes) => {
    said.stderr += bytes
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, ...said }))
  })
}

const pp = (...args: string[]) => start(process.execPath, [BIN, ...args], tmpdir())

/** The one JSON object on stdout. */
function object(ended: Ended): Record<string, unknown> {
  if (ended.stdout.trimEnd().includes('\n')) throw new Error(`more than one line on stdout: ${ended.stdout}`)
  return JSON.parse(ended.stdout)
}

async function tempDir(t: ExecutionContext): Promise<string> {
  const dir = await fs.realpath(await fs.mkdtemp(path.join(tmpdir(), 'pp-cli-')))
  t.teardown(() => fs.rm(dir, { recursive: true, force: true }))
  return dir
}

test('--version says one line, and loads no oclif', async (t) => {
  const dir = await tempDir(t)
  const ended = await start(process.execPath, [BIN, '--version'], dir, { NODE_V8_COVERAGE: dir })
  t.regex(ended.stdout, /^git-pp \d+\.\d+\.\d+\n$/)
  const [report = ''] = await fs.readdir(dir)
  const { result } = JSON.parse(await fs.readFile(path.join(dir, report), 'utf8')) as { result: { url: string }[] }
  const files = result.map(({ url }) => url).filter((url) => url.startsWith('file:'))
  t.true(files.some((url) => url.endsWith('dist/commands/main.cjs')))
  const loaded = await Promise.all(files.map((url) => fs.readFile(new URL(url), 'utf8')))
  // What the bundler writes before the first line of a module.
  t.false(loaded.some((text) => /^\s*\/\/ node_modules\/@oclif/m.test(text)))
})

test('--version under --json is one object', async (t) => {
  const ended = await pp('--version', '--json')
  t.is(ended.status, 0)
  t.regex(String(object(ended)['version']), /^\d/)
})

const tooOld: readonly [string, boolean][] = [
  ['6.17.1', true],
  ['20.18.3', true],
  ['20.19.0', false],
  ['22.0.0', false],
]

for (const [version, refused] of tooOld) {
  test(`Node ${version} is ${refused ? 'refused in one sentence' : 'taken'}`, async (t) => {
    const dir = await tempDir(t)
    const fake = path.join(dir, 'fake.cjs')
    await fs.writeFile(
      fake,
      `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`,
    )
    const env = { NODE_OPTIONS: `--require=${fake}` }
    const ended = await start(process.execPath, [BIN, '--version', '--json'], dir, env)
    t.is(ended.status, refused ? 2 : 0)
    t.is(object(ended)['verdict'], refused ? 'USAGE' : 'OK')
    t.is(ended.stderr, refused ? `git pp needs Node 20.19 or newer; this is Node ${version}\n` : '')
  })
}

test('the first file is read by the oldest Node: no syntax after 2009', async (t) => {
  const text = await fs.readFile(BIN, 'utf8')
  t.notRegex(text, /=>|`|\b(const|let|class|async|await|import)\b|\?\.|\?\?/)
})

for (const words of [['--help'], ['-h'], ['help']]) {
  test(`${words} lists the commands on stdout`, async (t) => {
    const ended = await pp(...words)
    t.is(ended.status, 0)
    t.regex(ended.stdout, /^usage: git pp/)
    for (const verb of ['run', 'prove', 'replay', 'show', 'log', 'export', 'import', 'gc']) {
      t.regex(ended.stdout, new RegExp(`^ {2}${verb} `, 'm'))
    }
  })
}

test('no words at all is wrong usage, and the help goes to stderr', async (t) => {
  const ended = await pp()
  t.is(ended.status, 2)
  t.is(ended.stdout, '')
  t.regex(ended.stderr, /^usage: git pp/)
})

test('no words but --json is one object', async (t) => {
  const ended = await pp('--json')
  t.is(ended.status, 2)
  t.is(object(ended)['verdict'], 'USAGE')
})

test('help of a command is the same by either way of asking', async (t) => {
  const [long, short, word] = await Promise.all([pp('run', '--help'), pp('run', '-h'), pp('help', 'run')])
  t.is(long.status, 0)
  t.regex(long.stdout, /\$ git pp run \[OPTIONS\] -- ARGV\.\.\./)
  t.notRegex(long.stdout, /keep-sandbox/)
  t.is(short.stdout, long.stdout)
  t.is(word.stdout, long.stdout)
})

test('an unknown command names its neighbour and every known one', async (t) => {
  const ended = await pp('rnu', 'pytest')
  t.is(ended.status, 2)
  t.is(ended.stdout, '')
  t.regex(ended.stderr, /^git pp: no such command: rnu; known: run, prove, .*\ndid you mean git pp run\?\n$/)
})

const wrong: readonly (readonly string[])[] = [
  ['rnu', '--json'],
  ['help', 'rnu', '--json'],
  ['--bogus', '--json'],
  ['-C', ABSENT, 'run', '--json'],
  ['run', '--json', '--bogus'],
  ['run', '--json', '--jobs', '0'],
  ['run', '--json', '--runs', 'often'],
  ['run', '--json', '--hang-after', '-1'],
  ['run', '--json', '--timeout', '1e9'],
  ['run', '--json', '--network', 'some'],
  ['run', '--json', '--env', 'A=B', 'x'],
  ['run', '--json', '--provider', 'search,', 'x'],
  ['run', '--json', '--target', 'a', '--target', 'b'],
  ['run', '--json', '--target', 'a', 'pytest'],
  ['run', '--json', ''],
  ['run', '--json', '--'],
  ['prove', '--json', '--patch', ABSENT],
  ['prove', '--json', '--patch', 'x', 'HEAD', 'pytest'],
  ['import', '--json'],
  ['gc', '--json', '--older-than', 'old'],
  ['gc', '--json', '--older-than', '7d', '--all'],
  ['log', '--json', '-n', '0'],
]

for (const words of wrong) {
  test(`git pp ${words.map((word) => (word === ABSENT ? 'ABSENT' : word)).join(' ')} is one object that says USAGE`, async (t) => {
    const ended = await pp(...words)
    t.is(ended.status, 2)
    const answer = object(ended)
    t.deepEqual(Object.keys(answer), ['schemaVersion', 'verdict', 'reason', 'code', 'mend'])
    t.is(answer['verdict'], 'USAGE')
  })
}

test('loose words after COMMAND run nothing and show how to quote', async (t) => {
  const ended = await pp('run', 'pytest', '-q', 'tests')
  t.is(ended.status, 2)
  t.is(
    ended.stderr,
    'git pp: unexpected "-q" after the command "pytest": the whole command must be one word; if you mean -q of git pp, write it before the command\n' +
      'quote it: git pp run "pytest -q tests"   or: git pp run -- pytest -q tests\n',
  )
})

test('a fault of replay --bisect is skipped, never a bad commit', async (t) => {
  t.is((await pp('replay', '--bisect', '--bogus')).status, 125)
})

test('a program whose files are missing says so, as one object under --json', async (t) => {
  const dir = await tempDir(t)
  await fs.cp(path.dirname(BIN), path.join(dir, 'bin'), { recursive: true })
  const ended = await start(process.execPath, [path.join(dir, 'bin/git-pp.cjs'), 'log', '--json'], dir)
  t.is(ended.status, 128)
  t.is(object(ended)['verdict'], 'ERROR')
  t.regex(ended.stderr, /^git pp: the program could not be loaded: .*\ninstall git-pp again/)
})

test('-C takes effect again and again, each from where the one before led', async (t) => {
  const dir = await tempDir(t)
  await fs.mkdir(path.join(dir, 'a/b'), { recursive: true })
  t.is((await pp('-C', dir, '-C', 'a', '-C', '', '-C', 'b', '--version')).status, 0)
  const ended = await pp('-C', dir, '-C', 'b', '--version')
  t.is(ended.status, 2)
  t.is(ended.stderr, 'git pp: cannot change to the directory b: ENOENT\n')
})

test('git finds it as git pp, from any directory', async (t) => {
  const dir = await tempDir(t)
  await fs.symlink(BIN, path.join(dir, 'git-pp'))
  const env = { PATH: `${dir}:${path.dirname(process.execPath)}:${process.env['PATH']}` }
  const ended = await start('git', ['-C', '/', 'pp', '--version'], dir, env)
  t.regex(ended.stdout, /^git-pp /)
  t.is((await start('git', ['pp', 'rnu'], dir, env)).status, 2)
})
