import test from 'ava'
import { reportedFiles } from '../../../../src/engine/core/found-judges/reported-files.ts'
import type { Execution, TestReport } from '../../../../src/engine/model/evidence.ts'

const TREE = [
  'calc.py',
  'checks.py',
  'pkg/proof.py',
  'index.js',
  'proofs.js',
  'web/proof.ts',
  'calc.c',
  'checks.c',
  'checks.rb',
  'shop.py',
]
const stream = (text: string) => {
  const kept = new TextEncoder().encode(text)
  return { bytes: kept.length, sha256: '0'.repeat(64), truncated: false, redactions: 0, kept }
}
const failed = (text: string): Execution => ({
  ended: { how: 'exited', code: 1 },
  startedAt: '2026-01-01T00:00:00Z',
  durationMs: 1,
  stdout: stream(text),
  stderr: stream(''),
  reports: new Map(),
})
const report = (runner: string, id: string, message = ''): TestReport => ({
  runner,
  counts: { passed: 0, failed: 1, errors: 0, skipped: 0 },
  tests: [{ id, outcome: 'failed', message }],
  named: true,
})
const files = (text: string, tests: TestReport | null, cwd = '') =>
  reportedFiles(failed(text), tests, cwd, TREE).join(' ')

for (const [title, tests, judges] of [
  ['an id of pytest', report('pytest', 'checks.py::Sum::test_add[a.b]'), 'checks.py'],
  ['a module that pytest could not load', report('pytest', 'pkg/proof.py'), 'pkg/proof.py'],
  ['a doctest of pytest is product', report('pytest', 'shop.py::shop.add'), ''],
  ['a doctest of a module is product', report('pytest', 'shop.py::shop'), ''],
  ['an id of unittest', report('unittest', 'pkg.proof.Sum.test_add'), 'pkg/proof.py'],
  ['a set-up of unittest', report('unittest', 'setUpClass (pkg.proof.Sum)'), 'pkg/proof.py'],
  [
    'a doctest of unittest is product',
    report('unittest', 'shop.add', 'AssertionError: Failed doctest test for shop.add'),
    '',
  ],
  ['an id of jest', report('jest', 'web/proof.ts > sums > adds'), 'web/proof.ts'],
  ['an id of ava', report('ava', 'proofs.js › adds'), 'proofs.js'],
  ['a suite of node that is called as a file', report('node-test', 'index.js > adds'), ''],
  ['a test of node that is called as a module', report('node-test', 'calc.add'), ''],
] as const)
  test(title, (t) => {
    t.is(files('', tests), judges)
  })

for (const [title, output, judges] of [
  ['node:test for people', 'test at proofs.js:5:1\n✖ adds\n    at add (/checkout/index.js:1:1)\n', 'proofs.js'],
  ['node:test as TAP', "    location: '/checkout/proofs.js:5:1'\n", 'proofs.js'],
  ['jest', ' FAIL  web/proof.ts\n  ● adds\n      at add (index.js:1:10)\n', 'web/proof.ts'],
  [
    'mocha',
    '  1) adds:\n     Error: x\n      at add (index.js:1:9)\n      at Context.<anonymous> (proofs.js:5:12)\n',
    'proofs.js',
  ],
  ['Unity', 'checks.c:12:test_add:FAIL: Expected 5 Was -1\n', 'checks.c'],
  ['GoogleTest', 'checks.c:12: Failure\nExpected equality of these values:\n', 'checks.c'],
  ['assert(3) in main', "t: checks.c:4: main: Assertion `add(2, 3) == 5' failed.\n", 'checks.c'],
  ['assert(3) in product', "t: calc.c:4: add: Assertion `a > 0' failed.\n", ''],
  ['rspec', 'rspec ./checks.rb:5 # adds\n', 'checks.rb'],
] as const)
  test(`printed by ${title}`, (t) => {
    t.is(files(output, report('other', 'x')), judges)
  })

const trace = (name: string, line: string) =>
  `Traceback (most recent call last):\n  File "<string>", line 1, in <module>\n  File "/checkout/checks.py", line 2, in ${name}\n    ${line}\nAssertionError\n`

test('a failed assertion shows a test where it stands at the top of a file or in a function that says so, and no runner counts', (t) => {
  t.is(files(trace('<module>', 'assert add(2, 3) == 5'), null), 'checks.py')
  t.is(files(trace('check_add', 'assert add(2, 3) == 5'), null), 'checks.py')
  t.is(files(trace('first', 'assert items is not None'), null), '')
  t.is(files(trace('<module>', 'assert_that(x)'), null), '')
  t.is(files(trace('<module>', 'assert add(2, 3) == 5'), report('pytest', 'pkg/proof.py::test_a')), 'pkg/proof.py')
  const node =
    'AssertionError [ERR_ASSERTION]: -1 == 5\n    at Object.<anonymous> (/checkout/proofs.js:3:8)\n    at node:internal/x:1:1\n'
  t.is(files(node, null), 'proofs.js')
  t.is(files(node.replace('Object.<anonymous>', 'first'), null), '')
})
