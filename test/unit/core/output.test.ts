import test from 'ava'
import { isNoise } from '../../../src/engine/core/output/noise.ts'
import { tellingLines } from '../../../src/engine/core/output/telling-lines.ts'
import { unwrapped } from '../../../src/engine/core/output/unwrapped.ts'

const OWN = [
  '  cart',
  '    ✔ opens',
  '    1) adds',
  '',
  '  1 passing (2ms)',
  '  1 failing',
  '  1) cart',
  '       adds:',
  '     Error: no',
]
const text = OWN.join('\n')

/** The lines with a text before each of them. */
function before(prefix: (at: number) => string): string {
  return OWN.map((line, at) => `${prefix(at)}${line}`).join('\n')
}

for (const [wrapper, prefix] of [
  ['time stamps of CI', (at: number) => `2026-11-30T14:19:0${at}.1234567Z `],
  ['the local time', (at: number) => `[2026-11-30 14:19:0${at}] `],
  ['concurrently', () => '[web] '],
  ['docker compose', () => 'web-1  | '],
  ['docker compose with its own time', (at: number) => `web-1  | 2026-11-30T14:19:0${at}.123456789Z `],
  ['turbo', () => 'web:test: '],
  ['pnpm', () => 'packages/web test: '],
  ['parallel', () => 'web\t'],
  ['gh run view', (at: number) => `build\tRun tests\t2026-11-30T14:19:0${at}.1234567Z `],
] as const)
  test(`what ${wrapper} prints before each line is taken off`, (t) => {
    t.deepEqual(unwrapped(before(prefix)), [text])
  })

test('lines of several programs are put together, after those of the wrapper', (t) => {
  const mixed = OWN.flatMap((line, at) => [`[a] ${line}`.trimEnd(), `[b] ${at}`])
  t.deepEqual(unwrapped(['npm test', ...mixed].join('\n')), ['npm test', text, [...OWN.keys()].join('\n')])
})

test('places, severities and the results of a protocol are no prefixes', (t) => {
  for (const line of [
    'src/a.py:3:1: E302 expected 2 blank lines',
    'calc.c: warning',
    '[error] not found',
    'ok 1 - adds',
    '    return 1',
    'warning: unused',
  ]) {
    const lines = Array.from({ length: 20 }, () => line).join('\n')
    t.deepEqual(unwrapped(lines), [lines], line)
  }
})

test('a message has no frames, no source and nothing that the test printed', (t) => {
  const body = [
    '    Expected: 3',
    '    Received: 4',
    '',
    '      15 |   test("adds", () => {',
    '    > 16 |     expect(sum).toBe(3)',
    '         |                 ^',
    '      at Object.toBe (test/a.test.js:16:17)',
    '      at new Promise (<anonymous>)',
    '----- Captured log call -----',
    'ERROR shop:a.py:3 expected 7',
  ]
  t.deepEqual(tellingLines(body), ['Expected: 3', 'Received: 4', '> 16 |     expect(sum).toBe(3)'])
})

test('results of passing tests, progress and what package managers print are noise; differences are not', (t) => {
  for (const line of [
    '  ✔ handles an error',
    'ok 3 - got undefined',
    '--- PASS: TestDiff (0.00s)',
    '.....F..',
    'npm ERR! code 1',
    'test_error ... ok',
  ])
    t.true(isNoise(line), line)
  for (const line of [
    '- Good bye',
    '+ Thank you',
    'E   assert 1 == 2',
    'not ok 3 - adds',
    '1) adds',
    'a.c:3:1: error: no',
  ])
    t.false(isNoise(line), line)
})
