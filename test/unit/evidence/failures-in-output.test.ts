import test from 'ava'
import { withFirstLines } from '../../../src/engine/core/failure/index.ts'
import { failuresInOutput } from '../../../src/engine/evidence/failures-in-output.ts'
import { readTestOutput } from '../../../src/engine/evidence/read-test-output.ts'
import { runners } from '../../../src/engine/evidence/runners/index.generated.ts'
import { recordedFailures, toldOf } from '../../support/recorded-failures.ts'
import { execution, ids, recorded } from './recorded.ts'

const all = recordedFailures()

test('of recorded outputs every failing test is named with what it expected, and no other test', (t) => {
  const told = all.map((one) => [one.name, toldOf(one)] as const)
  const total = (of: (one: (typeof told)[number][1]) => number) => told.reduce((sum, [, one]) => sum + of(one), 0)
  for (const [name, { wrong, over }] of told) {
    t.deepEqual(wrong, [], name)
    t.is(over, 0, name)
  }
  const failing = total((one) => one.failing)
  t.true(failing > 350)
  t.true(total((one) => one.named) >= 0.97 * failing)
  t.true(total((one) => one.said) >= 0.93 * failing)
  t.true(total((one) => one.kept[0] ?? 0) >= 0.92 * total((one) => one.essential))
})

const outputOf = (name: string) => all.find((one) => one.name === name) ?? t404(name)

function t404(name: string): never {
  throw new Error(`no recorded output: ${name}`)
}

for (const name of ['mocha-json', 'vitest-junit', 'concurrently', 'github-stamps', 'doctest-python'])
  test(`${name}: failures are told, but no verdict is read from it`, (t) => {
    const { command, output, status } = outputOf(name)
    t.is(readTestOutput(command, execution(output, status), runners).tests, null)
    t.true(failuresInOutput(command, execution(output, status), runners).length > 0)
  })

test('a report that a program prints beside that of its runner names nothing', (t) => {
  const printed = '{"title":"adds","status":"failed","message":"no"}\n'
  const passed = recorded('jest30-passed').text
  t.deepEqual(failuresInOutput('npx jest', execution(printed + passed, 0), runners), [])
  const failed = recorded('jest30-default')
  const own = ids(readTestOutput('npx jest', failed.execution, runners).tests, 'failed', 'error')
  const told = failuresInOutput('npx jest', execution(printed + failed.text, 1), runners)
  t.deepEqual(
    told.map(({ id }) => id),
    own,
  )
})

test('a package that ended in a test is not told beside the test', (t) => {
  const { command, output, status } = outputOf('go-timeout')
  const read = readTestOutput(command, execution(output, status), runners)
  t.deepEqual(ids(read.tests, 'error'), ['example.com/shop/bank'])
  t.like(failuresInOutput(command, execution(output, status), runners), [
    { id: 'example.com/shop/bank.TestPaysInTime', message: 'panic: test timed out after 1s', line: 9 },
  ])
})

test('verdicts compare the first lines of messages, and people see all of them', (t) => {
  const { command, output, status } = outputOf('jest-default')
  const { tests } = readTestOutput(command, execution(output, status), runners)
  const first = tests && withFirstLines(tests).tests.find(({ id }) => id.endsWith('adds the shipping costs'))
  t.is(first?.message, 'expect(received).toBe(expected) // Object.is equality')
  const whole = failuresInOutput(command, execution(output, status), runners)
  t.regex(whole[0]?.message ?? '', /^expect\(received\).*\nExpected: 42\.5\nReceived: 32\.5\n/)
})

test('the exception that was raised is told, not its cause', (t) => {
  const { command, output, status } = outputOf('pytest-many')
  const pays = failuresInOutput(command, execution(output, status), runners).find(({ id }) => id.endsWith('test_pays'))
  t.regex(pays?.message ?? '', /^LookupError: no account for bob/)
})

test('the compiler’s line is told of a package that was not built', (t) => {
  const { command, output, status } = outputOf('go-build')
  const told = failuresInOutput(command, execution(output, status), runners)
  const broken = told.find(({ id }) => id === 'example.com/shop/broken')
  t.regex(broken?.message ?? '', /^build failed\nbroken\/b\.go:3:26: cannot use "seven"/)
})
