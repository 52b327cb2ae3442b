import test from 'ava'
import {
  assertsAt,
  keepsAssertions,
  onlyDiagnosticOf,
} from '../../../../src/engine/core/program-under-test/program-checks.ts'
import type { Execution } from '../../../../src/engine/model/evidence.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const stream = (text: string) => ({
  bytes: text.length,
  sha256: '0'.repeat(64),
  truncated: false,
  redactions: 0,
  kept: bytes(text),
})
const failed = (text: string): Execution => ({
  ended: { how: 'exited', code: 1 },
  startedAt: '2026-01-01T00:00:00Z',
  durationMs: 1,
  stdout: stream(''),
  stderr: stream(text),
  reports: new Map(),
})
const complaint = (text: string, run: readonly string[] = ['main.py', 'index.js']) =>
  onlyDiagnosticOf(failed(text), '', ['main.py', 'index.js', 'lib.py', 'calc.c'], (path) => run.includes(path))

const trace = (file: string, error: string) =>
  `Traceback (most recent call last):\n  File "/checkout/main.py", line 9, in <module>\n    go()\n  File "/checkout/${file}", line 3, in go\n    x + None\n${error}\n`

test('an exception of the interpreter complains of the place where it was raised', (t) => {
  t.deepEqual(complaint(trace('main.py', "TypeError: unsupported operand type(s) for +: 'int' and 'NoneType'")), {
    path: 'main.py',
    line: 3,
  })
  t.is(complaint(trace('lib.py', 'KeyError: 1'))?.path, 'lib.py')
})

test('an assertion, an exception of its own and an exit complain of nothing', (t) => {
  for (const error of ['AssertionError', 'Exception: wrong', 'ValueError: wrong', 'app.Wrong: 1'])
    t.is(complaint(trace('main.py', error)), null, error)
  t.is(complaint('wrong\n'), null)
})

test('a diagnostic counts for a file that a tool looks at, not for one that runs and may print it', (t) => {
  t.deepEqual(complaint('calc.c:2:14: error: ‘c’ undeclared\n'), { path: 'calc.c', line: 2 })
  t.deepEqual(complaint('main.py:3: error: Incompatible types\n', []), { path: 'main.py', line: 3 })
  t.is(complaint('main.py:3: error: Incompatible types\n'), null)
  t.is(complaint('calc.c:2:14: error: a\nmain.py:3: error: b\n', []), null)
})

test('a line that checks, refuses or ends is known', (t) => {
  for (const line of [
    'assert x',
    '  raise E',
    'throw new E()',
    'sys.exit(1)',
    'process.exit(1)',
    'console.assert(x)',
    'panic!()',
  ])
    t.true(assertsAt(line, 1), line)
  for (const line of ['return a + b', 'list.length', 'total = sum(items)']) t.false(assertsAt(line, 1), line)
})

const keeps = (before: string, after: string) => keepsAssertions(bytes(before), bytes(after))

test('a change keeps the checks of a program unless it takes one out, cuts something off or adds an end', (t) => {
  t.true(keeps('a = 1\nb = a + None\nprint(b)\n', 'a = 1\nb = a + 1\nprint(b)\n'))
  t.true(keeps('for x in y:\n  f(x)\n', 'for x in y or []:\n  f(x)\n'))
  t.false(keeps('if a == 1:\n  f()\n', 'if a == 2:\n  f()\n'))
  t.false(keeps('assert a\nf()\n', 'f()\n'))
  t.false(keeps('f()\nboom()\n', 'f()\n'))
  t.false(keeps('f()\nboom()\n', 'f()\nsys.exit()\nboom()\n'))
  t.false(keepsAssertions(bytes('f()\n'), null))
})
