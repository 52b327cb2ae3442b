import test from 'ava'
import type { Reading, SessionEvent } from '../../../src/engine/index.ts'
import { terminalReporter, type Verbosity } from '../../../src/engine/report/terminal.ts'
import { terminalStyles } from '../../../src/engine/report/terminal-styles.ts'
import { SESSION } from './samples.ts'

const red: Reading = { is: 'red', reason: 'assert 3 == 4', failing: ['test_add', 'test_sub'] }

const session: readonly SessionEvent[] = [
  { is: 'session', session: SESSION, base: 'b'.repeat(40), sandbox: 'unshare' },
  { is: 'phase', name: 'base', detail: 'does it fail?' },
  { is: 'run', step: { is: 'base' }, target: 'unit', reading: red, durationMs: 800 },
  { is: 'phase', name: 'attempt 1', detail: 'asking search' },
  { is: 'progress', line: '17 candidates' },
  { is: 'answer', line: 'search: tried 17' },
  { is: 'run', step: { is: 'attempt', n: 1 }, target: 'unit', reading: { is: 'green' }, durationMs: 61_000 },
  { is: 'attempt', n: 1, proposer: 'search', verdict: 'PROVED', detail: '' },
  { is: 'warning', text: 'left out: .env' },
]

/** A reporter whose clock is turned by hand. */
function listen(live: boolean, loudness: Verbosity) {
  const clock = { ms: 0 }
  let out = ''
  const write = (text: string) => {
    out += text
  }
  const reporter = terminalReporter(
    { live, columns: 40, paint: terminalStyles(false), write },
    loudness,
    () => clock.ms,
  )
  return { reporter, clock, said: () => out }
}

test('off a terminal there is one line for each phase, attempt and warning, and the red of the base', (t) => {
  const { reporter, said } = listen(false, 'normal')
  for (const event of session) reporter.tell(event)
  reporter.end()
  t.is(
    said(),
    `session ${SESSION}, base bbbbbbbbbbbb, sandbox unshare
base: does it fail?
  base unit, 0.8 s, red: test_add, assert 3 == 4 (and 1 more)
attempt 1: asking search
  search: tried 17
attempt 1 (search): PROVED
warning: left out: .env
`,
  )
})

test('off a terminal a long step is told once a minute', (t) => {
  const { reporter, clock, said } = listen(false, 'normal')
  reporter.tell({ is: 'phase', name: 'pairs', detail: '' })
  reporter.tell({ is: 'progress', line: 'red 1' })
  for (; clock.ms < 150_000; clock.ms += 1000) reporter.tick()
  t.is(said(), 'pairs\npairs: red 1 (60 s)\npairs: red 1 (2 min 0 s)\n')
})

test('a phase that goes on is told once', (t) => {
  const { reporter, said } = listen(false, 'normal')
  reporter.tell({ is: 'phase', name: 'pairs', detail: '1 of 2' })
  reporter.tell({ is: 'phase', name: 'pairs', detail: '2 of 2' })
  t.is(said(), 'pairs: 1 of 2\n')
})

test('verbose tells every run and step', (t) => {
  const { reporter, said } = listen(false, 'verbose')
  for (const event of session) reporter.tell(event)
  t.regex(said(), /^ {2}17 candidates$/m)
  t.regex(said(), /^ {2}attempt 1 unit, 61 s, green$/m)
})

test('quiet tells warnings only', (t) => {
  const { reporter, clock, said } = listen(true, 'quiet')
  for (const event of session) reporter.tell(event)
  clock.ms = 120_000
  reporter.tick()
  t.is(said(), 'warning: left out: .env\n')
})

test('on a terminal the last line is rewritten, never wider than the window, and gone at the end', (t) => {
  const { reporter, clock, said } = listen(true, 'normal')
  reporter.tell({ is: 'phase', name: 'search', detail: '' })
  reporter.tell({ is: 'progress', line: '你'.repeat(40) })
  clock.ms = 5000
  reporter.tick()
  reporter.end()
  const drawn = said().split('\r\x1b[2K').slice(1)
  t.is(drawn.at(-1), '')
  t.is(drawn.at(-2), `search: ${'你'.repeat(15)}`)
})

test('what others say cannot move the cursor', (t) => {
  const { reporter, said } = listen(false, 'verbose')
  reporter.tell({ is: 'progress', line: 'a\x1b[2Jb\nc' })
  reporter.tell({ is: 'warning', text: '\x1b]0;x\x07' })
  t.is(said(), '  a\\x1b[2Jb\\nc\nwarning: \\x1b]0;x\\x07\n')
})
