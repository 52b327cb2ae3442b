import { readdirSync, readFileSync } from 'node:fs'
import test from 'ava'
import { type InvalidRedInput, invalidRed } from '../../../../src/engine/core/invalid-red/invalid-red.ts'

const own = new Set(['shop', 'broken', 'tests', 'src', 'stack', 'example.com/demo/calc'])

function red(output: string, more: Partial<InvalidRedInput> = {}) {
  return invalidRed({
    output,
    ended: { how: 'exited', code: 1 },
    droppedVariables: [],
    network: 'deny',
    hasModule: (name) => own.has(name),
    history: 'none',
    ignored: () => null,
    foreign: null,
    cwd: '',
    programs: { names: ['node', 'npm'], beside: () => null },
    runnerInvalid: null,
    ...more,
  })
}

function recorded(name: string): string {
  const folder = new URL('../../../fixtures/outputs/', import.meta.url)
  const file = readdirSync(folder).find((one) => one.startsWith(`${name}.`)) ?? name
  return readFileSync(new URL(file, folder), 'utf8')
}

const python = (line: string) =>
  `Traceback (most recent call last):\n  File "/repo/a.py", line 1, in <module>\n${line}\n`

test('a shell that finds no program says nothing about a bug', (t) => {
  for (const output of [
    'sh: 1: jest: not found\n',
    '/bin/sh: line 1: jest: command not found\n',
    'bash: jest: command not found\n',
    "env: 'jest': No such file or directory\n",
    'unshare: failed to execute jest: No such file or directory\n',
  ])
    t.is(red(output, { ended: { how: 'exited', code: 127 } })?.reason, 'program not found: jest', output)
  t.is(
    red('', { ended: { how: 'exited', code: 127 } })?.reason,
    'the command could not find a program (exit status 127)',
  )
  const denied = red('sh: 1: ./run.sh: Permission denied\n', { ended: { how: 'exited', code: 126 } })
  t.is(denied?.mend, 'make it executable: chmod +x ./run.sh')
})

test('make and package managers pass the missing program on', (t) => {
  const make = 'jest\nmake: jest: No such file or directory\nmake: *** [Makefile:2: test] Error 127\n'
  t.is(red(make, { ended: { how: 'exited', code: 2 } })?.reason, 'program not found: jest')
  t.is(red('> test\n> jest\n\nsh: 1: jest: not found\n ELIFECYCLE  Test failed.\n')?.reason, 'program not found: jest')
})

test('a crash of a program whose system calls the sandbox refuses says nothing about a bug', (t) => {
  const crashes: readonly (readonly [output: string, ended: InvalidRedInput['ended']])[] = [
    ['', { how: 'signalled', signal: 'SIGSEGV' }],
    ['', { how: 'signalled', signal: 'SIGTRAP' }],
    ['', { how: 'exited', code: 139 }],
    ['build/t32\nmake: *** [Makefile:2: test] Segmentation fault\n', { how: 'exited', code: 2 }],
    ['bash: line 1: 7 Illegal instruction     build/t32\n', { how: 'exited', code: 132 }],
    ['build/t32\nmake: *** [Makefile:2: test] Error 139\n', { how: 'exited', code: 2 }],
    ['signal: segmentation fault (core dumped)\nFAIL\texample.com/demo\t0.002s\n', { how: 'exited', code: 1 }],
    [
      "____ test_it ____\nE   subprocess.CalledProcessError: Command '['build/t32']' died with <Signals.SIGSEGV: 11>.\n",
      { how: 'exited', code: 1 },
    ],
    ["____ test_it ____\nE   assert -11 == 0\nE    +  where -11 = call(['build/t32'])\n", { how: 'exited', code: 1 }],
  ]
  for (const [output, ended] of crashes) {
    t.regex(red(output, { ended, foreign: 'build/t32' })?.reason ?? '', /^build\/t32 is built for another/, output)
    t.is(red(output, { ended, foreign: null }), null, output)
  }
})

test('a program of another architecture does not excuse another failure', (t) => {
  const foreign = 'build/t32'
  t.is(red('build/t32 is there\nAssertionError: 1 != 2\n', { foreign }), null)
  t.is(red('', { foreign, ended: { how: 'signalled', signal: 'SIGABRT' } }), null)
  const two = '____ test_a ____\nE   died with <Signals.SIGSEGV: 11>.\n____ test_b ____\nE   AssertionError: 1 != 2\n'
  t.is(red(two, { foreign }), null)
})

test('what the runner says about itself counts', (t) => {
  const runnerInvalid = { reason: 'pytest found no tests', mend: 'name a path' }
  t.is(red('no tests ran in 0.01s\n', { runnerInvalid }), runnerInvalid)
})

test('a module that the repository does not contain is missing, its own is a bug', (t) => {
  t.is(red(python("ModuleNotFoundError: No module named 'yaml'"))?.reason, 'a module is missing: yaml')
  t.is(red(python("ModuleNotFoundError: No module named 'yaml.cyaml'"))?.reason, 'a module is missing: yaml')
  t.is(red(python("ModuleNotFoundError: No module named 'shop.gone'")), null)
  t.is(red('/usr/bin/python3: No module named pytest\n')?.reason, 'a module is missing: pytest')
  t.regex(red('/usr/bin/python3: No module named pytest\n')?.mend ?? '', /--include \.venv/)
})

test('packages of Node are missing, relative files and aliases are bugs', (t) => {
  t.is(
    red("Error: Cannot find module 'left-pad'\nRequire stack:\n- /repo/a.js\n")?.reason,
    'a module is missing: left-pad',
  )
  t.is(
    red("Error [ERR_MODULE_NOT_FOUND]: Cannot find package '@a/b' imported from /repo/a.mjs\n")?.reason,
    'a module is missing: @a/b',
  )
  t.is(red("Error: Cannot find module './gone.js'\n"), null)
  t.is(red("Error [ERR_MODULE_NOT_FOUND]: Cannot find module '/repo/gone.js' imported from /repo/a.mjs\n"), null)
  t.is(red("Cannot find module '@/gone' from 'a.test.js'\n"), null)
})

test('packages of Go, gems and crates are missing', (t) => {
  t.is(red(recorded('go-dep'))?.reason, 'a module is missing: github.com/nobody/leftpad')
  t.is(
    red("<internal>: in `require': cannot load such file -- nokogiri (LoadError)\n")?.reason,
    'a module is missing: nokogiri',
  )
  t.is(red("in `require': cannot load such file -- stack/gone (LoadError)\n"), null)
  t.is(red("in `require_relative': cannot load such file -- /repo/lib/gone (LoadError)\n"), null)
  t.is(red("error[E0463]: can't find crate for `serde`\n")?.reason, 'a module is missing: serde')
})

test('a workspace package and a package of the tested Go module are bugs', (t) => {
  t.is(red("Error: Cannot find module '@team/shop'\n"), null)
  const go = 'own/own.go:3:8: no required module provides package example.com/demo/gone; to add it:\n'
  t.is(red(`${go}FAIL\texample.com/demo/own [setup failed]\n`), null)
})

test('a Java package that does not exist may be the bug', (t) => {
  t.is(red('Main.java:1: error: package org.moon does not exist\n'), null)
})

test('an import that was tried before something else went wrong is no reason', (t) => {
  const chained = `${python("ModuleNotFoundError: No module named 'ujson'")}\nDuring handling of the above exception, another exception occurred:\n\n${python('ValueError: no such item')}`
  t.is(red(chained), null)
})

test('collection errors count only when every one is of a missing module', (t) => {
  t.is(red(recorded('pytest-collect-q'))?.reason, 'a module is missing: leftpad')
  t.is(red(recorded('pytest-collect')), null)
  t.is(red(recorded('pytest-conftest'))?.reason, 'a module is missing: leftpad')
})

test('one real failure beside missing modules makes a normal red', (t) => {
  for (const name of [
    'jest30-files',
    'vitest4-files',
    'ava7-files',
    'pytest-default',
    'unittest-default',
    'node20-tap',
    'node22-spec',
    'mocha11-files',
    'go-default',
  ])
    t.is(red(recorded(name)), null, name)
})

test('without the real failure the same outputs show only what is missing', (t) => {
  const jest = recorded('jest30-files')
  const only = jest.slice(jest.indexOf('FAIL more/e.jest.js'), jest.indexOf('FAIL more/d.jest.js'))
  t.is(red(only)?.reason, 'a module is missing: left-pad')
  const vitest = recorded('vitest4-files')
  t.is(
    red(vitest.slice(vitest.indexOf(' FAIL  more/e.vitest.mjs'), vitest.indexOf('⎯⎯⎯ Failed Tests')))?.reason,
    'a module is missing: left-pad',
  )
  t.is(red(recorded('mocha11-load'))?.reason, 'a module is missing: left-pad')
})

test('a refused network is a reason under deny, but not loopback', (t) => {
  for (const output of [
    'Error: connect ECONNREFUSED 93.184.216.34:443\n',
    'Error: getaddrinfo EAI_AGAIN api.example.com\n',
    'curl: (6) Could not resolve host: api.example.com\n',
    python('socket.gaierror: [Errno -3] Temporary failure in name resolution'),
    'dial tcp: lookup api.example.com: no such host\n',
  ]) {
    t.regex(red(output)?.reason ?? '', /^the network is closed/, output)
    t.is(
      red(output)?.mend,
      'if it wanted to install something, install that beforehand (for example with npm ci); if the command may use the network, add --network allow',
    )
    t.is(red(output, { network: 'allow' }), null)
  }
  t.is(red('Error: connect ECONNREFUSED 127.0.0.1:5432\n'), null)
  t.is(red('Error: connect ECONNREFUSED ::1:5432\n'), null)
})

test('a process or thread that could not be started is a reason, unless something failed for another', (t) => {
  for (const output of [
    'sh: 0: Cannot fork\n',
    '/bin/bash: fork: retry: Resource temporarily unavailable\n',
    python("RuntimeError: can't start new thread"),
    python('BlockingIOError: [Errno 11] Resource temporarily unavailable'),
    'runtime: failed to create new OS thread (have 9 already; errno=11)\n',
    'Error: spawn /usr/bin/node EAGAIN\n',
    'java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory\n',
  ])
    t.is(red(output)?.mend, 'raise limits.max_processes', output)
  t.is(red(`sh: 0: Cannot fork\n${python('AssertionError: 1 != 2')}`), null)
})

test('a dropped variable is a reason where the output asks for it by name', (t) => {
  const droppedVariables = ['API_KEY', 'DATABASE_URL']
  for (const output of [
    python("KeyError: 'DATABASE_URL'"),
    'config: environment variable DATABASE_URL is required\n',
    'run.sh: line 3: DATABASE_URL: unbound variable\n',
    'run.sh: 3: DATABASE_URL: parameter not set\n',
    'Error: process.env.DATABASE_URL must be a URL\n',
    `_____ test_a _____\nE       AssertionError: DATABASE_URL is not set\n`,
  ])
    t.is(red(output, { droppedVariables })?.mend, 'add --env DATABASE_URL', output)
  t.is(red(python("KeyError: 'DATABASE_URL'")), null)
  t.is(red(python("KeyError: 'MY_DATABASE_URL'"), { droppedVariables }), null)
})

test('a failed assertion that names nothing missing is a real failure, whatever was logged', (t) => {
  const block = '_____ test_a _____\nE       AssertionError: 1 != 2\nlog: ENETUNREACH 10.0.0.1:80\n'
  t.is(red(block), null)
})

test('only a command that ended by itself and badly can lack something', (t) => {
  const output = python("ModuleNotFoundError: No module named 'yaml'")
  t.is(red(output, { ended: { how: 'exited', code: 0 } }), null)
  t.is(red(output, { ended: { how: 'signalled', signal: 'SIGSEGV' } }), null)
})

test('ten megabytes take seconds', (t) => {
  const started = process.cpuUsage()
  red('E       AssertionError: x not set '.repeat(300_000))
  red('sh: x: not set: line\n'.repeat(500_000), { droppedVariables: ['API_KEY'] })
  t.true(process.cpuUsage(started).user < 4_000_000)
})

test('a variable that a text merely mentions is not wanted', (t) => {
  const hints = {
    RUST_BACKTRACE: 'note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace',
    NO_COLOR: "(node:12) Warning: The 'NO_COLOR' env is ignored due to the 'FORCE_COLOR' env being set.",
    UPDATE_GOLDEN: 'hint: set the UPDATE_GOLDEN environment variable to write it anew',
    DEBUG: "AssertionError: expected DEBUG to equal 'x'",
    STAGE: 'ReferenceError: STAGE is not defined',
    INSTA_UPDATE:
      'To update snapshots run `cargo insta review` or use INSTA_UPDATE=always, which is not set by default',
  }
  for (const [name, line] of Object.entries(hints)) t.is(red(`${line}\n`, { droppedVariables: [name] }), null, line)
})

test('a variable that a text says to be lacking is wanted', (t) => {
  for (const line of [
    "KeyError: 'API_URL'",
    'sh: 1: API_URL: parameter not set',
    'run.sh: line 3: API_URL: unbound variable',
    'Error: API_URL is not set',
    'Error: process.env.API_URL is undefined',
    'Missing required environment variable: API_URL',
    'Please set the API_URL environment variable',
    'environment variable `API_URL` not defined at compile time',
    'API_URL must be set: NotPresent',
    'required environment variable "API_URL" is missing',
  ])
    t.is(red(`${line}\n`, { droppedVariables: ['API_URL'] })?.mend, 'add --env API_URL', line)
})

const GENERATED = new Map([
  ['p/_version', 'p/_version.py'],
  ['src/gen/tables.json', 'src/gen/tables.json'],
  ['lib/parser', 'lib/parser.js'],
  ['config.local.toml', 'config.local.toml'],
  ['static', 'static'],
  ['version.h', 'include/version.h'],
])

test('a file that git ignores and that exists outside is named, however the text names it', (t) => {
  for (const [text, path] of [
    [python("ModuleNotFoundError: No module named 'p._version'"), 'p/_version.py'],
    [python("ImportError: cannot import name '_version' from 'p' (/checkout/p/__init__.py)"), 'p/_version.py'],
    [python("FileNotFoundError: [Errno 2] No such file or directory: 'config.local.toml'"), 'config.local.toml'],
    ["Error: ENOENT: no such file or directory, open '/checkout/src/gen/tables.json'\n", 'src/gen/tables.json'],
    ["Error: Cannot find module './parser'\nRequire stack:\n- /checkout/lib/index.js\n", 'lib/parser.js'],
    ['main.go:5:12: pattern static/*: no matching files found\n', 'static'],
    ['src/main.c:1:10: fatal error: version.h: No such file or directory\n', 'include/version.h'],
  ] as const) {
    const found = red(text, { ignored: (name) => GENERATED.get(name) ?? null })
    t.is(found?.mend, `add --include ${path}`, text)
  }
})

test('a name that is only told, and a file that is not there either, are no want of an ignored file', (t) => {
  const ignored = (name: string) => GENERATED.get(name) ?? null
  t.is(red('wrote src/gen/tables.json\nAssertionError: 1 != 2\n', { ignored }), null)
  t.is(red(python("FileNotFoundError: [Errno 2] No such file or directory: 'other.toml'"), { ignored }), null)
})

test('a command that asks git for history is told how to see it', (t) => {
  for (const output of [
    'fatal: No names found, cannot describe anything.\n',
    "subprocess.CalledProcessError: Command '['git', 'describe', '--tags']' returned non-zero exit status 128.\n",
    'LookupError: setuptools-scm was unable to detect version for /checkout.\n',
    "fatal: ambiguous argument 'HEAD~3': unknown revision or path not in the working tree.\n",
  ])
    t.is(red(output)?.mend, 'add --history tags', output)
  t.regex(red('fatal: bad object 12\n', { history: 'tags' })?.reason ?? '', /old file contents/)
})
