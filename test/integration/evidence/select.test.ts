import test from 'ava'
import { printedText } from '../../../src/engine/core/bytes/plain-text.ts'
import ava from '../../../src/engine/evidence/runners/ava.ts'
import bats from '../../../src/engine/evidence/runners/bats.ts'
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
import { spellCommand } from '../../../src/engine/model/command.ts'
import type { Runner } from '../../../src/engine/ports/runner.ts'
import { needing } from '../../helpers/needs.ts'
import { ids, project, run } from '../../unit/evidence/recorded.ts'

function select(runner: Runner, shell: string, ...tests: readonly string[]): string | null {
  const cases = tests.map((id) => ({ id, outcome: 'failed' as const }))
  const command = runner.select?.({ shell }, cases) ?? null
  return command && spellCommand(command)
}

test('the line that runs the other tests of the file as well, where single ones were named', (t) => {
  const widen = (runner: Runner, shell: string) => {
    const command = runner.widen?.({ shell }) ?? null
    return command && spellCommand(command)
  }
  t.is(
    widen(pytest, "pytest -q 'tests/test_a.py::TestA::test_b[x y]' tests/b.py"),
    'pytest -q tests/test_a.py tests/b.py',
  )
  t.is(widen(pytest, "python3 -m pytest -k 'one or two' -x tests"), 'python3 -m pytest -x tests')
  t.is(widen(pytest, 'pytest a.py::test_b -k=c'), 'pytest a.py')
  t.is(widen(jest, "npx jest -t 's one' src"), 'npx jest src')
  t.is(widen(mocha, 'npx mocha --grep=one test/a.js'), 'npx mocha test/a.js')
  t.is(widen(nodeTest, "node --test --test-name-pattern '^one$' a.test.js"), 'node --test a.test.js')
  t.deepEqual(pytest.widen({ argv: ['pytest', 'a.py::test_b'] }), { argv: ['pytest', 'a.py'] })
  for (const [runner, shell] of [
    [pytest, 'pytest tests/test_a.py'],
    [pytest, 'pytest a.py::test_b && echo done'],
    [pytest, 'make test TEST=a.py::test_b'],
    [jest, 'npx jest src'],
    [mocha, 'npx mocha --grep one --invert'],
    [nodeTest, 'npm test'],
  ] as const)
    t.is(widen(runner, shell), null, shell)
})

test('the line that runs the failing tests alone, for each runner that can', (t) => {
  t.is(
    select(pytest, 'pytest -q tests', 't/a.py::test_a[x y]', 'a.py::C::test_b@w'),
    "pytest -q tests -k 'test_a or test_b'",
  )
  t.is(
    select(unittest, 'python3 -m unittest -v', 'a.B.test_c', 'a.B.test_d'),
    'python3 -m unittest -v -k test_c -k test_d',
  )
  t.is(select(goTest, 'go test ./...', 'x.org/a.TestA/one', 'x.org/a.TestB'), "go test ./... -run '^(?:TestA|TestB)$'")
  t.is(select(cargo, 'cargo test', 'shop:src/lib.rs > tests::net'), 'cargo test -- --exact tests::net')
  t.is(select(jest, 'npx jest', 'a.test.js > s > one'), "npx jest -t '^(?:s (?:[>›] )?one)$'")
  t.is(select(vitest, 'vitest run', 'a.test.ts > one'), "vitest run -t '^(?:one)$'")
  t.is(select(mocha, 'npx mocha', 's > one'), "npx mocha --grep '^(?:s (?:[>›] )?one)$'")
  t.is(
    select(nodeTest, 'node --test test', 's > one'),
    "node --test --test-name-pattern '^(?:s (?:[>›] )?one|s|one)$' test",
  )
  t.is(select(ava, 'npx ava', 'file › adds'), "npx ava --match 'file › adds' --match adds")
  t.is(select(ctest, 'ctest --test-dir build', 'a.b', 'c'), "ctest --test-dir build -R '^(a\\.b|c)$'")
  t.is(select(gtest, './build/all_tests', 'A.B', 'P/C.D/0'), './build/all_tests --gtest_filter=A.B:P/C.D/0')
  t.is(select(bats, 'bats -r test', 'adds (1)'), "bats --filter '^(adds \\(1\\))$' -r test")
})

test('the line that runs the tests of some files, for each runner that can', (t) => {
  const files = (runner: Runner, shell: string, ...paths: readonly string[]) => {
    const command = runner.selectFiles?.({ shell }, paths) ?? null
    return command && spellCommand(command)
  }
  t.is(files(pytest, 'pytest -q tests', 'tests/test_a.py', 'b_test.py'), "pytest -q tests -k 'test_a.py or b_test.py'")
  t.is(files(unittest, 'python3 -m unittest', 'tests/test_a.py'), 'python3 -m unittest -k test_a.')
  t.is(files(jest, 'npx jest --ci', 'a/[id].test.js'), "npx jest --ci 'a\\/\\[id\\]\\.test\\.js'")
  t.is(files(vitest, 'npx vitest run', 'a.test.ts'), 'npx vitest run a.test.ts')
  t.is(files(mocha, 'npx mocha', 'test/a.js'), 'npx mocha test/a.js')
  t.is(files(nodeTest, 'node --test', 'a.test.js', 'b.test.js'), 'node --test a.test.js b.test.js')
  t.is(files(ava, 'npx ava', 'test/a.js'), 'npx ava test/a.js')
  for (const [runner, shell] of [
    [pytest, 'pytest -k one'],
    [unittest, 'python3 -m unittest -k one'],
    [jest, 'npx jest src'],
    [vitest, 'npx vitest run src'],
    [mocha, 'npx mocha -r tsx test'],
    [nodeTest, 'node --test test'],
    [ava, 'npx ava test/b.js && echo'],
    [goTest, 'go test ./...'],
  ] as const)
    t.is(files(runner, shell, 'test/test_a.py', 'test/a.js'), null, shell)
  t.is(files(pytest, 'pytest', 'test_a.py', 'test-b.py'), null, 'a file that cannot be named would be left out')
  t.is(files(unittest, 'python3 -m unittest', 'test_a.py', 'test-b.py'), null)
  for (const [runner, shell] of [
    [nodeTest, 'node --test'],
    [mocha, 'npx mocha'],
    [ava, 'npx ava'],
  ] as const)
    t.is(files(runner, shell, 'a.test.js', '--import=b.test.js'), null, 'a file would be read as an option')
})

test('what has a selection already, is no plain call, or is no test is not selected', (t) => {
  t.is(select(pytest, 'pytest -k adds', 'a.py::test_a'), null)
  t.is(select(pytest, 'pytest -q | cat', 'a.py::test_a'), null)
  t.is(select(pytest, 'pytest', 'tests/test_broken.py'), null)
  t.is(select(goTest, 'go test -run TestA ./...', 'a.TestA'), null)
  t.is(select(goTest, 'go test ./...', 'example.com/a'), null)
  t.is(select(cargo, 'cargo test some_filter', 'a > b'), null)
  t.is(select(jest, 'jest', 'a.test.js'), null)
  t.is(select(mocha, 'mocha -f adds', 'adds'), null)
  t.is(select(nodeTest, 'node --test --test-only', 'one'), null)
  t.is(select(unittest, 'python3 -m unittest', 'a.B (setUpClass)'), null)
  t.is(select(tape, 'npx tape test.js', 'one'), null)
})

const PYTHON = `import unittest


class TestIt(unittest.TestCase):
    def test_bad(self):
        self.assertEqual(1, 2)

    def test_good(self):
        pass


class TestOther(unittest.TestCase):
    def test_fine(self):
        pass
`
const NODE = `const { describe, it, test } = require('node:test')
const assert = require('node:assert')
describe('outer', () => {
  describe('inner', () => {
    it('is bad (1)', () => assert.equal(1, 2))
    it('is good', () => {})
  })
})
test('with parts', async (t) => {
  await t.test('bad part', () => assert.equal(1, 2))
})
test('other', () => {})
`
const GO = `package a

import "testing"

func TestBad(t *testing.T) {
	t.Run("one part", func(t *testing.T) { t.Error("1 is not 2") })
}

func TestGood(t *testing.T) {}
`

for (const [runner, argv, files, fewer] of [
  [pytest, ['python3', '-m', 'pytest', '-q', '-rfE'], { 'test_a.py': PYTHON }, true],
  [unittest, ['python3', '-m', 'unittest', '-v'], { 'test_a.py': PYTHON }, true],
  [nodeTest, ['node', '--test'], { 'a.test.js': NODE }, false],
] as const)
  test(`${runner.kind} fails alone in the same tests`, async (t) => {
    const dir = await project(t, files)
    await failsAlone(t, runner, dir, argv, fewer)
  })

needing('go')('go test fails alone in the same tests', async (t) => {
  const dir = await project(t, { 'a_test.go': GO, 'go.mod': 'module a\n\ngo 1.19\n' })
  await failsAlone(t, goTest, dir, ['go', 'test', '-v', './...'], true)
})

needing('bats')('bats fails alone in the same tests', async (t) => {
  const dir = await project(t, { 'a.bats': '@test "is bad (1)" {\n  false\n}\n@test "is good" {\n  true\n}\n' })
  await failsAlone(t, bats, dir, ['bats', 'a.bats'], true)
})

for (const [runner, argv, files, file] of [
  [pytest, ['python3', '-m', 'pytest', '-q', '-rfE'], { 'test_a.py': PYTHON, 'test_b.py': PYTHON }, 'test_b.py'],
  [unittest, ['python3', '-m', 'unittest', '-v'], { 'test_a.py': PYTHON, 'test_b.py': PYTHON }, 'test_b.py'],
  [nodeTest, ['node', '--test'], { 'a.test.js': NODE, 'b.test.js': NODE }, 'b.test.js'],
] as const)
  test(`${runner.kind} runs the tests of one file`, async (t) => {
    const dir = await project(t, files)
    const own: Runner = runner
    const command = own.selectFiles?.({ argv: [...argv] }, [file]) ?? null
    if (command === null || !('argv' in command)) return t.fail()
    const [whole, one] = [await run(dir, argv), await run(dir, command.argv)]
    const count = (done: typeof one) => {
      const { passed = 0, failed = 0 } = own.read(printedText(done), done)?.counts ?? {}
      return { passed, failed }
    }
    t.true(count(one).failed > 0)
    t.deepEqual({ passed: 2 * count(one).passed, failed: 2 * count(one).failed }, count(whole))
  })

async function failsAlone(
  t: Parameters<typeof project>[0],
  runner: Runner,
  dir: string,
  argv: readonly string[],
  fewer: boolean,
): Promise<void> {
  const whole = await run(dir, argv)
  const red = runner.read(printedText(whole), whole)
  const failing = red?.tests.filter(({ outcome }) => outcome === 'failed') ?? []
  t.true(failing.length > 0)
  const command = runner.select?.({ argv: [...argv] }, failing) ?? null
  if (command === null || !('argv' in command)) return t.fail()
  const done = await run(dir, command.argv)
  const alone = runner.read(printedText(done), done)
  t.deepEqual(ids(alone, 'failed').sort(), ids(red, 'failed').sort())
  t.true(!fewer || (alone?.counts.passed ?? 0) < (red?.counts.passed ?? 0))
}
