import test from 'ava'
import { namedByCommand } from '../../../../src/engine/core/found-judges/named-by-command.ts'
import type { Command } from '../../../../src/engine/model/command.ts'

const TREE = [
  ...[
    'calc.py',
    'calc.c',
    'checks.c',
    'index.js',
    'main.py',
    'tests.js',
    'check.sh',
    'unittests.py',
    'check_it.py',
    'spec.js',
  ],
  ...[
    'setup.js',
    'setup.mjs',
    'checks.mk',
    'expected.txt',
    'input.txt',
    'suite',
    'checks/run',
    'checks/one.js',
    'checks/two.js',
  ],
  ...[
    'pkg/mod.py',
    'pkg/shop.py',
    'sub/check.sh',
    'sub/tests.js',
    'src/deep.py',
    'a b.js',
    'runner.cfg',
    'shop.py',
    'compare.py',
  ],
]
const named = (command: string | readonly string[], cwd = '', tree = TREE) => {
  const said: Command = typeof command === 'string' ? { shell: command } : { argv: [...command] }
  return namedByCommand([{ name: 'command', command: said, cwd }], tree)
    .map(({ path }) => path)
    .sort()
    .join(' ')
}

const rows: readonly (readonly [title: string, command: string | readonly string[], judges: string])[] = [
  ['a program', './check.sh', 'check.sh'],
  ['a program below', 'checks/run --all', 'checks/run'],
  ['a program behind wrappers', 'CI=1 timeout -s KILL -k 5 60 nice -n 5 env A=1 ./check.sh', 'check.sh'],
  ['a script of a shell', 'sh -eu check.sh && echo ok', 'check.sh'],
  ['a sourced script', '. ./check.sh', 'check.sh'],
  ['a script that is read from a file', 'bash < check.sh', 'check.sh'],
  ['a script that is piped in', 'cat check.sh | sh', 'check.sh'],
  ['a script of Python', 'python3.11 -W error -X dev unittests.py calc.py', 'unittests.py'],
  ['a module of Python', 'python3 -B -m unittests', 'unittests.py'],
  ['a module in a package', ['python3', '-m', 'pkg.mod'], 'pkg/mod.py'],
  ['a module below src', 'PYTHONPATH=src python3 -m deep', 'src/deep.py'],
  ['a script of uv', 'uv run check_it.py main.py', 'check_it.py'],
  ['a script under coverage', 'coverage run --source main.py check_it.py', 'check_it.py'],
  ['a script of Node', 'node --enable-source-maps tests.js index.js', 'tests.js'],
  ['a script without its ending', 'node ./tests index.js', 'tests.js'],
  ['preloaded files', 'node --import ./setup.mjs -r ./setup tests.js index.js', 'setup.js setup.mjs tests.js'],
  ['a file of rules', 'make -f checks.mk all', 'checks.mk'],
  ['tests of node', 'node --test tests.js spec.js', 'spec.js tests.js'],
  ['tests of node with a loader', 'npx tsx --import ./setup.mjs --test tests.js', 'setup.mjs tests.js'],
  ['tests of pytest', 'python3 -m pytest -q check_it.py::test_a main.py', 'check_it.py main.py'],
  ['what coverage measures is product', 'pytest --cov=calc.py --cov main.py check_it.py', 'check_it.py'],
  ['a configuration of a runner', 'npx mocha --config=runner.cfg spec.js', 'runner.cfg spec.js'],
  ['dotted tests', 'python3 -m unittest -v unittests.Sum.test_add pkg.mod', 'pkg/mod.py unittests.py'],
  ['a runner that coverage starts', 'coverage run -m pytest check_it.py', 'check_it.py'],
  ['files behind npm test', 'npm test -- tests.js spec.js', 'spec.js tests.js'],
  ['tests of bats', ['bats', 'suite'], 'suite'],
  ['tests of deno', 'deno test --allow-read tests.js', 'tests.js'],
  ['a quoted name', 'node --test "a b.js" index.js', 'a b.js index.js'],
  ['wildcards with a stem', 'pytest check_*.py unit*.py', 'check_it.py'.concat(' unittests.py')],
  ['wildcards that are no more than a directory', 'node --test *.js checks/*.js', ''],
  ['a directory', 'node --test checks', ''],
  ['another directory', 'cd sub && sh check.sh', 'sub/check.sh'],
  ['a subshell leaves the directory as it was', '(cd sub && ./check.sh); ./check.sh', 'check.sh sub/check.sh'],
  ['a directory that only a run could tell', 'cd "$(git rev-parse --show-toplevel)" && sh checks/run x', 'checks/run'],
  ['a path from a variable', 'sh "$ROOT/sub/check.sh" && node "$PWD/tests.js"', 'sub/check.sh tests.js'],
  ['a line within the line', `timeout 60 bash -lc 'set -e; node tests.js index.js'`, 'tests.js'],
  ['both sides of an or', 'sh check.sh || node tests.js', 'check.sh tests.js'],
  ['a loop', 'for i in 1 2 3; do node tests.js index.js || exit 1; done', 'tests.js'],
  ['a status that an assignment keeps', 'out=$(sh check.sh main.py) || exit 1', 'check.sh'],
  ['the only file', 'sometool --strict main.py', 'main.py'],
  ['the only file, as a value', 'sometool --rules=runner.cfg', 'runner.cfg'],
  ['the only file, in a variable', 'T=tests.js; node --test $T', 'tests.js'],
  ['one of two files of an unknown tool', 'sometool main.py calc.py', ''],
  ['a linter beside a suite', 'ruff check main.py && pytest', ''],
  ['several sources of a compiler', 'cc calc.c checks.c -o t && ./t', ''],
  ['doctests of product', 'python3 -m doctest shop.py', ''],
  ['doctests by pytest', 'pytest --doctest-modules shop.py', ''],
  ['what is only looked at', 'grep -q good input.txt', ''],
  ['what an expression looks at', 'test "$(cat input.txt)" = 2', ''],
  ['a program whose output is compared', 'python3 main.py | diff - expected.txt', 'expected.txt'],
  [
    'a program whose output is compared later',
    'python3 main.py > out.txt && diff out.txt expected.txt',
    'expected.txt',
  ],
  [
    'a program whose output another script judges',
    'python3 main.py > out.txt; python3 compare.py out.txt',
    'compare.py',
  ],
  ['a program whose output the line compares', '[ "$(python3 main.py)" = 42 ]', ''],
  ['a program that is fed and compared', 'python3 main.py < input.txt | grep -q 42', 'input.txt'],
  ['a pipe that fails with its parts', 'set -o pipefail; sh check.sh | tee log', 'check.sh'],
  ['output that is only kept', 'sh check.sh > log || { cat log; exit 1; }', 'check.sh'],
  ['a server in the background', 'python3 main.py & node tests.js', 'tests.js'],
  ['code in the command', 'python3 -c "import calc; assert calc.add(2, 3) == 5"', ''],
  ['no file at all', 'pytest -q', ''],
]

for (const [title, command, judges] of rows)
  test(`${title}: ${typeof command === 'string' ? command : command.join(' ')}`, (t) => {
    t.is(named(command), judges)
  })

test('a target names files from where it starts', (t) => {
  t.is(named('node --test tests.js', 'sub'), 'sub/tests.js')
  t.is(named('sh ../check.sh x', 'sub'), 'check.sh')
  t.is(named('sh ../../check.sh x', 'sub'), '')
})

test('words that no shell reads are taken as they stand', (t) => {
  t.is(named(['node', '--test', 'a b.js', 'tests.js|x']), 'a b.js')
})

test('every line is read in time, whatever stands in it', (t) => {
  for (const line of [
    '$('.repeat(5000),
    '"'.repeat(5001),
    '{ '.repeat(5000),
    'a|'.repeat(5000),
    '`'.repeat(999),
    '<<EOF\n'.repeat(500),
  ])
    t.is(named(line), '')
})
