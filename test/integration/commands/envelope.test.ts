import test from 'ava'
import { envelope, faultEnvelope, usageError, VERDICT_OF_ERROR } from '../../../src/commands/envelope.ts'
import { toCommandError } from '../../../src/commands/print-error.ts'
import { type ErrorCode, PpError, STATUS_OF_ERROR, STATUS_OF_VERDICT } from '../../../src/engine/index.ts'

for (const code of Object.keys(STATUS_OF_ERROR) as ErrorCode[]) {
  test(`${code} keeps its name, sentence and mend`, (t) => {
    t.deepEqual(JSON.parse(faultEnvelope(toCommandError(new PpError(code, 'it is so', { mend: 'do this' })))), {
      schemaVersion: 1,
      verdict: VERDICT_OF_ERROR[code],
      reason: 'it is so',
      code,
      mend: 'do this',
    })
  })

  test(`the verdict of ${code} goes with its exit status`, (t) => {
    const known: Readonly<Record<string, number>> = {
      ...STATUS_OF_VERDICT,
      DENIED: 4,
      MISSING: 3,
      MALFORMED: 1,
      INCONCLUSIVE: 6,
    }
    // A session ended by a signal, and one whose record would hold a secret, so that nothing of it was kept.
    const own: Readonly<Record<string, number>> = { TERMINATED: 143, SECRET_FOUND: 1 }
    t.is(own[code] ?? known[VERDICT_OF_ERROR[code]], STATUS_OF_ERROR[code])
  })
}

test('wrong usage has status 2 and no mend where there is none', (t) => {
  t.is(usageError('no').status, 2)
  t.is(JSON.parse(faultEnvelope(usageError('no'))).mend, null)
})

test('schemaVersion, verdict and reason come first, whatever the order of the answer', (t) => {
  t.is(envelope({ b: 1, reason: 'r', verdict: 'OK' }), '{"schemaVersion":1,"verdict":"OK","reason":"r","b":1}')
})

test('what a terminal would obey or hide is written as an escape of the same value', (t) => {
  const reason = 'a\x9bb\u202ec\u{e0041}d\u2028e'
  const json = envelope({ verdict: 'OK', reason })
  t.is(JSON.parse(json).reason, reason)
  t.regex(json, /^[\x20-\x7e]+$/)
})

test('an error of no known name is a mistake of this tool', (t) => {
  const { code, status, message } = toCommandError(new RangeError('too long\n  at x'))
  t.deepEqual([code, status, message], ['INTERNAL', 128, 'internal error in git pp: RangeError: too long'])
})
