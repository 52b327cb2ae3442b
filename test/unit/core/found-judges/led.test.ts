import test from 'ava'
import { foundIn, judgeClassifierWith, namedBy } from '../../../../src/engine/core/found-judges/found-judges.ts'
import { textsOnTheWay } from '../../../../src/engine/core/found-judges/texts.ts'
import { judgeClassifierOf } from '../../../../src/engine/core/judges/judges-by-name.ts'

/** A tree, as the text of each file; '' for one whose text nobody has to know. */
type Tree = Readonly<Record<string, string>>

async function lead(command: string, tree: Tree) {
  const targets = [{ name: 'command', command: { shell: command }, cwd: '' }]
  const files = Object.keys(tree).map((path) => ({ path, oid: path, mode: '100644' }))
  const byName = judgeClassifierOf([])
  const texts = await textsOnTheWay(targets, files, byName, async (oid) => new TextEncoder().encode(tree[oid]))
  return { targets, paths: Object.keys(tree), texts, byName }
}

/** The judges beside those by name. */
async function judges(command: string, tree: Tree): Promise<string> {
  const all = await lead(command, tree)
  return [...foundIn(namedBy(all), all.byName).keys()].sort().join(' ')
}

const pack = (scripts: Readonly<Record<string, string>>, more = {}) => JSON.stringify({ scripts, ...more })
const PARSON = 'CC = gcc\n.PHONY: test\nall: test\ntest: tests.c parson.c\n\t$(CC) -O0 -o $@ tests.c parson.c\n\t./$@\n'
const C = { 'lib.c': '', 'lib.h': '' }

const rows: readonly (readonly [title: string, command: string, tree: Tree, judges: string])[] = [
  ['sources that a recipe compiles', 'make -s test', { Makefile: PARSON, 'tests.c': '', 'parson.c': '' }, 'tests.c'],
  ['the default target', 'make', { Makefile: PARSON, 'tests.c': '', 'parson.c': '' }, 'tests.c'],
  [
    'prerequisites, by variables',
    'make test',
    { ...C, Makefile: 'T = tests.c\nTS := $(T:.c=.o) lib.o\ntest: $(TS)\n\tcc -o t $^\n\t./t\n', 'tests.c': '' },
    'tests.c',
  ],
  [
    'objects by a pattern',
    'make test',
    {
      Makefile:
        'test: build/t\n\tbuild/t\nbuild/t: build/all_tests.o build/lib.o\n\tcc -o $@ $^\nbuild/%.o: src/%.c\n\tcc -c -o $@ $<\n',
      'src/all_tests.c': '',
      'src/lib.c': '',
    },
    'src/all_tests.c',
  ],
  [
    'what is made under the name of the goal',
    'make check',
    { ...C, Makefile: 'check: check.c lib.c\n\t$(CC) $^ -o $@ && ./$@\n', 'check.c': '' },
    'check.c',
  ],
  [
    'a program that begins in a file of any name',
    'make test',
    {
      Makefile: 'test: runner\n\t./runner\nrunner: alpha.o lib.o\n',
      'alpha.c': 'int main(void) { return f(); }',
      'lib.c': 'int f(void) { return 1; }',
    },
    'alpha.c',
  ],
  [
    'a file of any name that is compiled alone with a header',
    'make test',
    {
      Makefile: 'test:\n\tcc -o bin/a alpha.c\n\tbin/a\n',
      'alpha.c': '#include "lib.h"\nint main (void) {}',
      'lib.h': '',
    },
    'alpha.c',
  ],
  [
    'another directory',
    'make -C sub check',
    { 'sub/Makefile': 'check:\n\tpython3 run_checks.py\n', 'sub/run_checks.py': '' },
    'sub/run_checks.py',
  ],
  [
    'another makefile and what it includes',
    'make -f ci.make',
    { 'ci.make': 'include rules.inc\nall: ours\n', 'rules.inc': 'ours:\n\tnode tests.js\n', 'tests.js': '' },
    'ci.make rules.inc tests.js',
  ],
  [
    'a conditional',
    'make t',
    {
      Makefile: 'ifeq ($(OS),x)\nR = tests.js\nelse\nR = other_tests.js\nendif\nt:\n\tnode $(R)\n',
      'other_tests.js': '',
      'tests.js': '',
    },
    'other_tests.js tests.js',
  ],
  ['a package script', 'npm test', { 'package.json': pack({ test: 'node tests.js' }), 'tests.js': '' }, 'tests.js'],
  ['a package script of any name', 'npm t', { 'package.json': pack({ test: 'node all.js' }), 'all.js': '' }, 'all.js'],
  [
    'a script before it',
    'npm run unit',
    { 'package.json': pack({ preunit: 'node self-tests.js', unit: 'mocha' }), 'self-tests.js': '' },
    'self-tests.js',
  ],
  [
    'scripts of scripts',
    'yarn ci',
    {
      'package.json': pack({ ci: 'run-s "unit:*"', 'unit:a': 'node checks.js', 'unit:b': 'node lib.js x' }),
      'checks.js': '',
      'lib.js': '',
    },
    'checks.js',
  ],
  [
    'a script that node runs',
    'node --run unit',
    { 'package.json': pack({ unit: 'node spec.js' }), 'spec.js': '' },
    'spec.js',
  ],
  [
    'what a script hands to a runner',
    'pnpm run x',
    { 'package.json': pack({ x: 'mocha -r ./prepare.js unit/one.js' }), 'prepare.js': '', 'unit/one.js': '' },
    'prepare.js unit/one.js',
  ],
  [
    'what is handed on',
    'npm test -- unit/one.js',
    { 'package.json': pack({ test: 'mocha' }), 'unit/one.js': '' },
    'unit/one.js',
  ],
  [
    'a shell script',
    './run.sh',
    { 'run.sh': '#!/bin/sh\nset -e\ncd "$(dirname "$0")"\npython3 unittests.py\n', 'unittests.py': '' },
    'run.sh unittests.py',
  ],
  ['a line for a shell', `bash -c 'make test'`, { Makefile: PARSON, 'tests.c': '', 'parson.c': '' }, 'tests.c'],
  [
    'package script, makefile, shell script',
    'npm test',
    {
      'package.json': pack({ test: 'make -C unit' }),
      'unit/Makefile': 'all:\n\t./go\n',
      'unit/go': '#!/bin/sh\nnode tests.js\n',
      'unit/tests.js': '',
    },
    'unit/go unit/tests.js',
  ],
  [
    'what is compared with',
    'make check',
    {
      Makefile: 'check: tool\n\t./tool <in.txt >out && diff out want.txt\n',
      'want.txt': '',
      'in.txt': '',
      'tool.c': 'int main(void) {}',
    },
    'want.txt',
  ],
  [
    'calls in a circle',
    'npm test',
    { 'package.json': pack({ test: 'make test' }), Makefile: 'test:\n\tnpm test\n' },
    '',
  ],
  [
    'a chain that is too long',
    'sh a.sh',
    {
      'a.sh': 'sh b.sh',
      'b.sh': 'sh c.sh',
      'c.sh': 'sh d.sh',
      'd.sh': 'sh e.sh',
      'e.sh': 'node tests.js',
      'tests.js': '',
    },
    'a.sh b.sh c.sh d.sh',
  ],

  [
    'programs that CMake registers as tests',
    'cmake -S . -B out && cmake --build out && ctest --test-dir out',
    {
      'CMakeLists.txt': `enable_testing()\nset(OURS tests.c lib.c) # all\nadd_executable(t \${OURS})\nadd_test(NAME t COMMAND t)\nadd_executable(tool test_tool.cs)\nadd_subdirectory(unit)\n`,
      'unit/CMakeLists.txt': `add_executable(u "\${CMAKE_CURRENT_SOURCE_DIR}/AllTests.cpp")\ngtest_discover_tests(u)\n`,
      'unit/AllTests.cpp': '',
      'tests.c': '',
      'lib.c': '',
      'test_tool.cs': '',
    },
    'tests.c unit/AllTests.cpp',
  ],

  // Product, or nobody can tell.
  [
    'the program that a test script asks',
    'sh test.sh',
    { 'test.sh': 'node cli.js add 1 2 | grep -q 3\nnode cli.js good.txt || exit 1\n', 'cli.js': '' },
    'test.sh',
  ],
  [
    'the program of the package',
    'npm test',
    { 'package.json': pack({ test: 'node cli.js' }, { bin: { it: './cli.js' } }), 'cli.js': '' },
    '',
  ],
  [
    'a build before the tests',
    'npm test',
    { 'package.json': pack({ pretest: 'node build.js', test: 'mocha' }), 'build.js': '' },
    '',
  ],
  [
    'a script that builds before the tests',
    'make test',
    {
      Makefile: 'test: build\n\tbats t.bats\nbuild:\n\t./build.sh\n',
      'build.sh': 'cc -o x x.c\n',
      'x.c': '',
      't.bats': '',
    },
    '',
  ],
  [
    'a program that is asked by make',
    'make check',
    {
      Makefile: 'check: tool\n\t./tool --self-check\ntool: tool.c lib.c\n',
      'tool.c': 'int main(void) {}',
      'lib.c': '',
    },
    '',
  ],
  [
    'a script product that bats tests',
    'make test',
    { Makefile: 'test:\n\tbats tests/all.bats\n', 'tests/all.bats': '', 'todo.sh': '' },
    '',
  ],
  [
    'a setup that is told what to do',
    'make test',
    { Makefile: 'test:\n\tpython3 setup.py test\n', 'setup.py': '' },
    '',
  ],
  [
    'two programs of any name',
    'npm test',
    { 'package.json': pack({ test: 'node one.js && node two.js' }), 'one.js': '', 'two.js': '' },
    '',
  ],
  [
    'words that begin like a test',
    'make check',
    {
      Makefile: 'check: latest.o attest.o checksum.o type_check.o t.o\n\tcc -o t $^\n\t./t -v\n',
      'latest.c': '',
      'attest.c': '',
      'checksum.c': '',
      'type_check.c': '',
      't.c': '',
    },
    '',
  ],
  [
    'another target',
    'make build',
    { Makefile: `build: lib.o\n${PARSON}`, 'lib.c': '', 'tests.c': '', 'parson.c': '' },
    '',
  ],
]

for (const [title, command, tree, wanted] of rows)
  test(`followed: ${title}`, async (t) => {
    t.is(await judges(command, tree), wanted)
  })

test('a file that the base does not have judges where a recipe would run it', async (t) => {
  const all = await lead('make test', { Makefile: 'test:\n\tnode tests.js\n', 'lib.js': '' })
  const judgeOf = judgeClassifierWith(all, new Map())
  t.is(judgeOf('tests.js', { added: true }), 'test')
  t.is(judgeOf('other.js', { added: true }), null)
  t.is(judgeOf('tests.js'), null)
})

const twice = (name: string, of: string) => `${name} = ${`$(${of})`.repeat(40)}\n`
const deep = Array.from({ length: 12 }, (_, at) => twice(`V${at}`, `V${at + 1}`)).join('')
const many = (count: number, line: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => line(at)).join('')
const BOMBS: Tree = {
  'variables that hold variables': `${deep}test: $(V0)\n\tnode tests.js\n`,
  'a line of variables that is no rule': `${'$(a)'.repeat(30_000)}:=x\ntest:\n\tnode tests.js\n`,
  'rules for everything': `test: ${many(300, (at) => `t${at} `)}\n\tnode tests.js\n${many(10_000, (at) => `%: x${at}\n\ttrue\n`)}`,
  'wildcards without end': `test:\n\tnode tests.js\n${many(8_000, (at) => `\tcc *${at}*.c\n`)}`,
  'words to be filtered': `W = ${many(20_000, (at) => `w${at} `)}\ntest: $(filter $(W),$(W))\n\tnode tests.js\n`,
}
for (const [title, text] of Object.entries(BOMBS))
  test(`a makefile is read in bounded time: ${title}`, async (t) => {
    const files = Object.fromEntries(Array.from({ length: 2_000 }, (_, at) => [`f${at}.c`, '']))
    const all = await lead('make test', { ...files, Makefile: text, 'tests.js': '' })
    const before = process.cpuUsage()
    const named = namedBy(all).map(({ path }) => path)
    const { user } = process.cpuUsage(before)
    t.true(user < 2_000_000, `${user} µs`)
    t.deepEqual(named, title.startsWith('variables') ? [] : ['tests.js'])
  })

test('a first line that names a shell makes a script of a file without an ending', async (t) => {
  const tree = { Makefile: 'test:\n\t./go\n', 'tests.js': '' }
  t.is(await judges('make test', { ...tree, go: '#!/usr/bin/env bash\nnode tests.js\n' }), 'go tests.js')
  t.is(await judges('make test', { ...tree, go: '#!/usr/bin/env python3\nnode tests.js\n#!/bin/sh\n' }), 'go')
})
