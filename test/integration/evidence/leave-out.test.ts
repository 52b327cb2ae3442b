import test from 'ava'
import { printedText } from '../../../src/engine/core/bytes/plain-text.ts'
import ava from '../../../src/engine/evidence/runners/ava.ts'
import cargo from '../../../src/engine/evidence/runners/cargo.ts'
import ctest from '../../../src/engine/evidence/runners/ctest.ts'
import goTest from '../../../src/engine/evidence/runners/go-test.ts'
import gtest from '../../../src/engine/evidence/runners/gtest.ts'
import jest from '../../../src/engine/evidence/runners/jest.ts'
import mocha from '../../../src/engine/evidence/runners/mocha.ts'
import nodeTest from '../../../src/engine/evidence/runners/node-test.ts'
import pytest from '../../../src/engine/evidence/runners/pytest.ts'
import tape from '../../../src/engine/evidence/runners/tape.ts'
import unittest from '../../../src/engine/evidence/runners/unittest.ts'
import vitest from '../../../src/engine/evidence/runners/vitest.ts'
import { type Command, spellCommand } from '../../../src/engine/model/command.ts'
import type { Runner } from '../../../src/engine/ports/runner.ts'
import { project, run } from '../../unit/evidence/recorded.ts'

function leaveOut(runner: Runner, command: Command | string, ...tests: readonly string[]): string | null {
  const whole = typeof command === 'string' ? { shell: command } : command
  const cases = tests.map((id) => ({ id, outcome: 'failed' as const }))
  const without = runner.leaveOut?.(whole, cases) ?? null
  return without && spellCommand(without)
}

test('the line that leaves tests out, for each runner that can', (t) => {
  t.is(leaveOut(pytest, 'pytest -q', 'tests/test_net.py::test_net'), 'pytest -q --deselect tests/test_net.py::test_net')
  t.is(
    leaveOut(goTest, 'go test ./...', 'example.com/a.TestNet', 'gopkg.in/b.v2.TestAll/by name'),
    "go test ./... -skip '^TestNet$|^TestAll$/^by name$'",
  )
  t.is(
    leaveOut(nodeTest, 'node --test test/*.js', 'one', 's > two (x)'),
    "node --test --test-skip-pattern '^(?:one|s (?:[>›] )?two \\(x\\))$' test/*.js",
  )
  t.is(leaveOut(jest, 'npx jest', 'a.test.js > s > one'), "npx jest -t '^(?!(?:s (?:[>›] )?one)$)'")
  t.is(leaveOut(vitest, 'vitest run', 'a.test.ts > one'), "vitest run -t '^(?!(?:one)$)'")
  t.is(leaveOut(vitest, 'vitest run', 'a.test.ts'), 'vitest run --exclude a.test.ts')
  t.is(leaveOut(jest, 'jest', 'src/a.test.js'), "jest --testPathIgnorePatterns /node_modules/ '/src\\/a\\.test\\.js$'")
  t.is(leaveOut(mocha, 'npx mocha', 's > one'), "npx mocha --grep '^(?:s (?:[>›] )?one)$' --invert")
  t.is(leaveOut(ctest, 'ctest --test-dir build', 'a.b', 'c'), "ctest --test-dir build -E '^(a\\.b|c)$'")
  t.is(
    leaveOut(cargo, 'cargo test -p shop', 'shop:src/lib.rs > tests::net', 'shop:doc > src/lib.rs - add (line 2)'),
    "cargo test -p shop -- --exact --skip tests::net --skip 'src/lib.rs - add (line 2)'",
  )
  t.is(leaveOut(cargo, 'cargo test -- --nocapture', 'a > b'), 'cargo test -- --nocapture --exact --skip b')
  t.is(leaveOut(cargo, 'cargo test some_filter', 'a > b'), null)
  t.is(leaveOut(gtest, './build/all_tests', 'A.B', 'P/C.D/0'), './build/all_tests --gtest_filter=-A.B:P/C.D/0')
  t.is(leaveOut(ava, 'npx ava', 'file › adds'), "npx ava --match '!file › adds' --match '!adds'")
})

test('a runner that has no such option leaves nothing out', (t) => {
  t.is(leaveOut(unittest, 'python3 -m unittest', 'a.B.test_c'), null)
  t.is(leaveOut(tape, 'npx tape test.js', 'one'), null)
})

test('only where the command is one plain call of the runner', (t) => {
  const of = (command: Command | string) => leaveOut(pytest, command, 'a.py::b')
  for (const command of [
    'pytest -q | tail -3',
    'cd x && pytest',
    'pytest; true',
    '(pytest)',
    'pytest > out',
    'pytest $(cat files)',
    'pytest `cat files`',
    'pytest "$(cat files)"',
    'pytest\npytest',
    'pytest # all of them',
    '! pytest',
    "pytest 'open",
    'make check',
    'npm test',
  ])
    t.is(of(command), null, command)
  t.is(of({ argv: ['sh', '-c', 'pytest -q'] }), null)
  t.is(of({ argv: ['python3', '-m', 'pytest', 'a b'] }), "python3 -m pytest 'a b' --deselect a.py::b")
  t.is(of('  CI=1 "$PYTHON" -m pytest  "a b" '), 'CI=1 "$PYTHON" -m pytest  "a b" --deselect a.py::b')
  t.is(of('.venv/bin/pytest -q -- tests'), '.venv/bin/pytest -q --deselect a.py::b -- tests')
})

test('a pattern that the command has already is not written over', (t) => {
  t.is(leaveOut(jest, 'jest -t adds', 'a.js > one'), null)
  t.is(leaveOut(mocha, 'mocha --grep=adds', 'one'), null)
  t.is(leaveOut(goTest, 'go test -skip TestX ./...', 'a.TestNet'), null)
  t.is(leaveOut(gtest, './all_tests --gtest_filter=A.*', 'A.B'), null)
})

test('a package that did not build is no test that could be left out', (t) => {
  t.is(leaveOut(goTest, 'go test ./...', 'example.com/a'), null)
})

test('a script that starts GoogleTest gets no option of it, and what is no test is not left out', (t) => {
  t.is(leaveOut(gtest, './build_and_test.sh', 'A.B'), null)
  t.is(leaveOut(gtest, 'make check', 'A.B'), null)
  t.is(leaveOut(gtest, './all_tests', 'A: SetUpTestSuite or TearDownTestSuite'), null)
})

test('a test that only holds one that fails is not left out with all its others', (t) => {
  t.is(leaveOut(goTest, 'go test', 'a.TestAll', 'a.TestAll/two'), "go test -skip '^TestAll$/^two$'")
})

const suite = `import unittest
import pytest


@pytest.mark.parametrize('name', ["a b - [c]", "it's", 'two'])
def test_named(name):
    assert name == 'two'


class TestUnit(unittest.TestCase):
    def test_bad(self):
        self.fail()

    def test_good(self):
        pass
`

test('pytest passes with its failing tests left out, and runs all others', async (t) => {
  const dir = await project(t, { 'tests/test_a.py': suite, 'tests/test_b.py': 'import no_such_module\n' })
  const argv = ['python3', '-m', 'pytest', '-q', '-p', 'no:cacheprovider', '--continue-on-collection-errors']
  const red = pytest.read(printedText(await run(dir, argv)))
  const bad = red?.tests.filter(({ outcome }) => outcome === 'failed' || outcome === 'error') ?? []
  t.is(bad.length, 4)
  const without = pytest.leaveOut({ shell: spellCommand({ argv }) }, bad)
  const done = await run(dir, ['sh', '-c', without && 'shell' in without ? without.shell : 'exit 9'])
  t.deepEqual(done.ended, { how: 'exited', code: 0 })
  t.like(pytest.read(printedText(done)), { counts: { passed: 2, failed: 0, errors: 0 } })
})
