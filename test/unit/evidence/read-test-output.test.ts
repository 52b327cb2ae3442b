import { readdirSync, readFileSync } from 'node:fs'
import test from 'ava'
import { readTestOutput } from '../../../src/engine/evidence/read-test-output.ts'
import { runners } from '../../../src/engine/evidence/runners/index.generated.ts'
import { execution, ids, recorded } from './recorded.ts'

const folder = new URL('../../fixtures/outputs/', import.meta.url)
const kinds = {
  pytest: 'pytest',
  unittest: 'unittest',
  node: 'node-test',
  jest: 'jest',
  vitest: 'vitest',
  mocha: 'mocha',
  ava: 'ava',
  tape: 'tape',
  go: 'go-test',
  cargo: 'cargo',
  bats: 'bats',
  ctest: 'ctest',
  gtest: 'gtest',
  rspec: 'rspec',
  minitest: 'minitest',
  testunit: 'test-unit',
  phpunit: 'phpunit',
  jasmine: 'jasmine',
  uvu: 'uvu',
  nodetap: 'node-tap',
  prove: 'prove',
  catch: 'catch2',
  doctest: 'doctest',
  junit: 'junit-console',
}

test('what was printed tells the runner, whatever the command', (t) => {
  for (const file of readdirSync(folder).sort()) {
    const kind = kinds[(/^[a-z]+/.exec(file)?.[0] ?? '') as keyof typeof kinds]
    const text = readFileSync(new URL(file, folder), 'utf8')
    const known = runners.filter((runner) => runner.recognises('', text)).map((runner) => runner.kind)
    if (/(?<!bats)-tap/.test(file)) t.deepEqual(known, ['node-test'], file)
    else if (file.startsWith('ctest-gtest')) t.deepEqual(known, ['ctest', 'gtest'], file)
    else t.true(known.length === 0 || (known.length === 1 && known[0] === kind), `${file}: ${known}`)
  }
})

test('a command that names a runner which can read the output decides over the mere protocol', (t) => {
  t.is(readTestOutput('npx ava --tap', recorded('ava7-tap').execution, runners).runner?.kind, 'ava')
  t.is(readTestOutput('npm test', recorded('ava7-tap').execution, runners).runner?.kind, 'node-test')
})

test('a command that names one runner cannot hide that another one spoke', (t) => {
  t.is(readTestOutput('npm run jest', recorded('vitest4-default').execution, runners).runner?.kind, 'vitest')
})

test('with no known output the command tells the runner', (t) => {
  t.is(readTestOutput('python3 -m pytest --moon', recorded('pytest-usage').execution, runners).runner?.kind, 'pytest')
  t.is(readTestOutput('make check', execution('all fine\n', 0), runners).runner, null)
  t.is(readTestOutput('pytest', recorded('pytest-usage').execution, runners).tests, null)
})

test('two runners behind one command are added up', (t) => {
  const both = execution(recorded('jest30-default').text + recorded('pytest-q').text, 1)
  const report = readTestOutput('npm test', both, runners).tests
  t.is(report?.runner, 'jest+pytest')
  t.deepEqual(report?.counts, { passed: 7, failed: 8, errors: 2, skipped: 6 })
  t.true(ids(report, 'failed').includes('tests/test_plain.py::test_total'))
  t.false(report?.named)
})

test('what a test of pytest prints of another runner is not counted when the command names pytest', (t) => {
  const inner = `${recorded('pytest-q').text}\n${recorded('unittest-default').text}`
  t.is(readTestOutput('pytest -q', execution(inner, 1), runners).tests?.runner, 'pytest')
})

const UNITY =
  'test/calc.c:10:test_adds:PASS\ntest/calc.c:14:test_halves:FAIL: Expected 2 Was 1\n\n-----------------------\n2 Tests 1 Failures 0 Ignored \nFAIL\n'

test('what a runner shows only of failing tests is not read for another runner', (t) => {
  const passing =
    '    Start 1: calc\n1/1 Test #1: calc ....   Passed    0.01 sec\n\n100% tests passed, 0 tests failed out of 1\n'
  const failing = passing.replace('   Passed', '***Failed').replace('\n\n100%', `\n${UNITY}\n\n0%`)
  for (const text of [passing, failing])
    t.is(readTestOutput('sh build.sh', execution(text, 1), runners).tests?.runner, 'ctest')
  const own = `${UNITY}\n${failing}`
  t.is(readTestOutput('sh build.sh', execution(own, 1), runners).tests?.runner, 'ctest+unity')
})

test('both streams are read', (t) => {
  const text = recorded('unittest-default').text
  t.is(readTestOutput('make test', execution('building\n', 1, text), runners).tests?.runner, 'unittest')
})

test('a runner without tests is no reason when another one ran some', (t) => {
  const none = recorded('unittest-none')
  t.is(readTestOutput('make test', none.execution, runners).invalid?.reason, 'unittest found no tests')
  t.is(readTestOutput('make test', execution(none.text + recorded('jest30-passed').text, 0), runners).invalid, null)
  t.is(readTestOutput('make test', execution('all fine', 0), runners).invalid, null)
})
