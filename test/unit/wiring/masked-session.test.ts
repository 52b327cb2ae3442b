import test from 'ava'
import { mergePolicy } from '../../../src/engine/core/policy/index.ts'
import { redactor } from '../../../src/engine/core/redact/index.ts'
import { PpError } from '../../../src/engine/model/error.ts'
import type { Reading } from '../../../src/engine/model/evidence.ts'
import type { SessionEvent } from '../../../src/engine/ports/reporter.ts'
import { maskedError, maskedReporter, refuseValuesInCommands } from '../../../src/engine/wiring/masked-session.ts'

const VALUE = 'Canary-hunter2_Kp9xWv4T'
const secrets = redactor({ secrets: [{ name: 'DB_PASSWORD', value: VALUE }] })
const policy = mergePolicy([], { limits: 'default' })

test('what a session tells while it runs is masked in every string', (t) => {
  const told: SessionEvent[] = []
  const reporter = maskedReporter({ tell: (event) => told.push(event) }, secrets)
  const reading = { is: 'red' as const, reason: `expected ${VALUE}`, failing: [`test[${VALUE}]`] } satisfies Reading
  reporter.tell({ is: 'run', step: { is: 'change' }, target: 'unit', reading, durationMs: 1 })
  reporter.tell({ is: 'progress', line: `the agent printed ${Buffer.from(VALUE).toString('base64')}` })
  t.deepEqual(told, [
    {
      ...{ is: 'run', step: { is: 'change' }, target: 'unit', durationMs: 1 },
      reading: { is: 'red', reason: 'expected [redacted:DB_PASSWORD]', failing: ['test[[redacted:DB_PASSWORD]]'] },
    },
    { is: 'progress', line: 'the agent printed [redacted:DB_PASSWORD]' },
  ])
})

test('a fault keeps its code and loses its secrets', (t) => {
  const fault = maskedError(new PpError('SETUP_FAILED', `no login with ${VALUE}`, { mend: `try ${VALUE}` }), secrets)
  t.true(fault instanceof PpError)
  t.like(fault, {
    code: 'SETUP_FAILED',
    message: 'no login with [redacted:DB_PASSWORD]',
    mend: 'try [redacted:DB_PASSWORD]',
  })
  const mistake = new TypeError('x')
  t.is(maskedError(mistake, secrets), mistake)
})

test('a command that holds a known value is wrong usage, and the value is not repeated', (t) => {
  for (const command of [
    { shell: `curl -u x:${VALUE} host` },
    { argv: ['curl', Buffer.from(VALUE).toString('hex')] },
  ]) {
    const error = t.throws(() => refuseValuesInCommands(secrets, [{ name: 'unit', command, cwd: '' }], policy), {
      instanceOf: PpError,
    })
    t.like(error, { code: 'USAGE' })
    t.regex(error.message, /^the command of the target "unit" holds the value of the variable DB_PASSWORD/)
    t.false(`${error.message}${error.mend}`.includes(VALUE))
  }
  t.notThrows(() =>
    refuseValuesInCommands(secrets, [{ name: 'unit', command: { shell: 'curl host' }, cwd: '' }], policy),
  )
})

test('so is a policy that holds one', (t) => {
  const layer = { from: 'flag', root: '', values: { policy: { worktree: { setup: `login ${VALUE}` } } } } as const
  const held = mergePolicy([layer], { limits: 'default' })
  t.throws(() => refuseValuesInCommands(secrets, [], held), { message: /^the policy holds the value/ })
})
