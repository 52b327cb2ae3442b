import test from 'ava'
import {
  failedOtherwise,
  failureDifference,
  headline,
  messageDifference,
  normaliseOutput,
  type RedFailure,
  sameMessage,
} from '../../../../src/engine/core/failure/failure.ts'

const same = (t: { is(a: unknown, b: unknown, c?: string): void }, ...pairs: [string, string][]) => {
  for (const [a, b] of pairs) t.is(normaliseOutput(a), normaliseOutput(b), a)
}

test('what changes from run to run is taken out', (t) => {
  same(
    t,
    ['<Cart object at 0x7f3613516950>', '<Cart object at 0x55d0c0ffee10>'],
    ['took 0.12s', 'took 13.4s'],
    ['at 2026-01-02T03:04:05.678Z', 'at 2025-11-12 13:14:15'],
    ["open '/tmp/pytest-of-me/pytest-3/a'", "open '/tmp/tmpx8s1'"],
    ['==4711==ERROR: AddressSanitizer: SEGV', '==99==ERROR: AddressSanitizer: SEGV'],
    ["thread 'main' (31401) panicked", "thread 'main' (77) panicked"],
    ['connect 127.0.0.1:45123', 'connect 127.0.0.1:8080'],
    ['worker pid 4711 died', 'worker pid 12 died'],
    ['key 4f9c2c1e8b7a', 'key 0a1b2c3d4e5f'],
    ['line\r\nend  ', 'line\nend'],
  )
})

test('what matters stays', (t) => {
  t.not(normaliseOutput('expected 3, got 4'), normaliseOutput('expected 3, got 5'))
  t.is(normaliseOutput('shop/cart.py:16: ZeroDivisionError'), 'shop/cart.py:16: ZeroDivisionError')
  t.is(normaliseOutput('defaced decade'), 'defaced decade')
})

test('the headline of a traceback is its exception, of a chained one the last', (t) => {
  const output =
    'Traceback (most recent call last):\n  File "a.py", line 1\nKeyError: 1\n\nDuring handling …\n\nValueError: no x\n'
  t.is(headline(output), 'ValueError: no x')
})

test('the headline of a compiler is its first error', (t) => {
  t.is(
    headline('gcc -c a.c\na.c:7:24: error: no member\na.c:8:1: error: more\nmake: *** [Makefile:4] Error 1\n'),
    'a.c:7:24: error: no member',
  )
  t.is(headline("main.ts(7,21): error TS2551: Property 'nme'\n"), "main.ts(7,21): error TS2551: Property 'nme'")
  t.is(headline('warning: unused\nerror[E0308]: mismatched types\n --> a.rs:9:18\n'), 'error[E0308]: mismatched types')
})

test('the headline of an output that names no error is its last line', (t) => {
  t.is(headline('one\ntwo\n\n'), 'two')
  t.is(headline(''), '')
})

test('a huge output has a headline at once', (t) => {
  const started = performance.now()
  t.is(headline(`${'x'.repeat(5_000_000)}\n${'error '.repeat(900_000)}\nValueError: end\n`), 'ValueError: end')
  t.true(performance.now() - started < 2000)
})

function red(ids: Readonly<Record<string, string>>, more: Partial<RedFailure> = {}): RedFailure {
  const tests = Object.entries(ids).map(([id, message]) => ({ id, outcome: 'failed' as const, message }))
  const counts = { passed: 1, failed: tests.length, errors: 0, skipped: 0 }
  return {
    tests: { runner: 'pytest', counts, tests, named: false },
    ended: { how: 'exited', code: 1 },
    headline: '',
    ...more,
  }
}

test('the same tests with the same exception are the same failure, whatever the values', (t) => {
  t.is(failureDifference(red({ a: 'AssertionError: 1 != 2' }), red({ a: 'AssertionError: 3 != 2' })), null)
  t.is(failureDifference(red({ a: 'assert 0.25 == 1' }), red({ a: 'assert 0.5 == 1' })), null)
  t.is(failureDifference(red({ a: '' }), red({ a: 'KeyError: 1' })), null)
})

test('other tests are another failure', (t) => {
  t.is(failureDifference(red({ a: '', b: '' }), red({ a: '' })), 'b failed only once')
  t.is(failureDifference(red({ a: '' }), red({ a: '', c: '' })), 'c failed only the second time')
})

test('another exception in the same test is another failure', (t) => {
  t.regex(
    failureDifference(red({ a: 'AssertionError: x' }), red({ a: 'SyntaxError: x' })) ?? '',
    /a failed with 'AssertionError: x', then with 'SyntaxError: x'/,
  )
})

test('without tests the status and the headline decide', (t) => {
  const plain = (headline: string, code = 1): RedFailure => ({ tests: null, ended: { how: 'exited', code }, headline })
  t.is(failureDifference(plain('a.c:7:24: error: no member'), plain('a.c:9:24: error: no member')), null)
  t.truthy(failureDifference(plain('error: no member'), plain('error: no header')))
  t.is(failureDifference(plain('x', 1), plain('x', 2)), 'exit status 1, then exit status 2')
})

test('two hangs are the same, a hang and a crash are not', (t) => {
  const hung: RedFailure = { tests: null, ended: { how: 'timed-out', afterMs: 9, limit: 'hang-after' }, headline: 'a' }
  const later: RedFailure = { ...hung, ended: { how: 'timed-out', afterMs: 12, limit: 'hang-after' }, headline: 'b' }
  t.is(failureDifference(hung, later), null)
  t.is(
    failureDifference(hung, { ...hung, ended: { how: 'signalled', signal: 'SIGSEGV' } }),
    'stopped by its time limit, then killed by SIGSEGV',
  )
})

test('a representation that is cut, and the order of a set, are no other words', (t) => {
  const cut = (address: string) => red({ a: `assert <test_long...${address}> == <test_long...${address}>` })
  t.is(messageDifference(cut('x7fdb00fd1f90'), cut('x7fdb00fd2f11')), null)
  t.is(messageDifference(red({ a: "unknown: {'b', 'a'}" }), red({ a: "unknown: {'a', 'b'}" })), null)
})

test('other words in the same test are no other failure, and are told', (t) => {
  t.is(failureDifference(red({ a: 'expected one' }), red({ a: 'expected two' })), null)
  t.regex(
    messageDifference(red({ a: 'expected one' }), red({ a: 'expected two' })) ?? '',
    /^a failed with 'expected one'/,
  )
})

test('a test fails otherwise only if both messages name an exception, and not the same one', (t) => {
  const { tests: before } = red({ a: 'TypeError: x', b: 'RangeError: 1', c: 'expected one', d: 'TypeError: x' })
  const { tests: now } = red({ a: 'KeyError: x', b: 'RangeError: 2', c: 'KeyError: y', e: 'KeyError: z' })
  t.deepEqual(failedOtherwise(before, now), ['a'])
})

test('a message is one of before, and numbers count unless they differed then', (t) => {
  t.true(sameMessage(['took 3 ms'], 'took 9 ms'))
  t.false(sameMessage(['expected 3'], 'expected 4'))
  t.true(sameMessage(['expected 3', 'expected 5'], 'expected 4'))
})
