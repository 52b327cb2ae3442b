import test, { type ExecutionContext } from 'ava'
import type { SessionEvent } from '../../../src/engine/index.ts'
import type { DoctorCheck } from '../../../src/engine/model/doctor.ts'
import type { ReplayResult } from '../../../src/engine/model/session.ts'
import type { Verification } from '../../../src/engine/model/verification.ts'
import { doctorText } from '../../../src/engine/report/doctor.ts'
import { printable } from '../../../src/engine/report/escape.ts'
import { logText } from '../../../src/engine/report/log.ts'
import { showText } from '../../../src/engine/report/show.ts'
import { terminalReporter } from '../../../src/engine/report/terminal.ts'
import { terminalStyles } from '../../../src/engine/report/terminal-styles.ts'
import { replayText, sessionText } from '../../../src/engine/report/text.ts'
import { verificationsText } from '../../../src/engine/report/verification.ts'
import { HOSTILE, obeyed, poisoned } from '../../helpers/hostile.ts'
import { ran } from './samples.ts'
import { hostileView, WORDS } from './views.ts'

const plain = terminalStyles(false)
/** The seven marks of our own, and nothing else that begins with an escape. */
const OWN = new RegExp(`${String.fromCharCode(27)}\\[(1|2|22|3[123]|39)m`, 'g')

/** Whatever a maker of lines forgot, what is printed holds nothing that is obeyed; with colours, only our own. */
function inert(t: ExecutionContext, make: (colours: ReturnType<typeof terminalStyles>) => readonly string[]) {
  for (const colours of [plain, terminalStyles(true)]) {
    const lines = make(colours).map(printable(colours))
    t.true(lines.length > 0)
    t.is(obeyed(lines.join('\n').replace(OWN, '')), null)
    t.true(lines.join('\n').includes('<script>'), 'it is shown, not left out')
  }
}

const verification: Verification = poisoned(
  {
    ...({
      schemaVersion: 1,
      verdict: 'UNTRUSTED',
      reason: '',
      mend: '',
      commit: '',
      session: '',
      manifest: '',
    } as const),
    signatures: [{ role: 'prover', mode: '', name: '', key: '', fingerprint: '', commit: '' }],
    checks: [{ check: '', ok: false, word: 'UNTRUSTED', detail: '' }],
    cautions: [''],
  },
  WORDS,
)

const replayed: ReplayResult = poisoned(
  {
    ...({ schemaVersion: 1, verdict: 'INCONCLUSIVE', reason: '', session: '', base: '', final: '' } as const),
    ...{ runs: [ran('red 1', 'red')], mend: '', differences: [''], foreign: true, loosened: [''] },
  },
  WORDS,
)

const entry = poisoned(
  { session: '', commit: '', verdict: '', subject: '', at: '', kind: '', counts: { reds: 1, greens: 1 }, from: '' },
  new Set(),
)

const checks: DoctorCheck[] = poisoned(
  [
    { area: 'git', level: 'ok', text: '' },
    { area: 'policy', level: 'note', text: '', mend: '' },
    { area: 'sandbox', level: 'problem', text: '', mend: '', code: 'USAGE' },
  ],
  WORDS,
)

test('run and prove: nothing that others write is obeyed', (t) =>
  inert(t, (colours) => sessionText(hostileView().result, colours)))

test('show: nothing that others write is obeyed', (t) => inert(t, (colours) => showText(hostileView(), colours)))

test('log: nothing that others write is obeyed', (t) => inert(t, (colours) => logText([entry, entry], colours)))

test('verify: nothing that others write is obeyed, of one proof and of several', (t) => {
  inert(t, (colours) => verificationsText([verification], colours))
  inert(t, (colours) => verificationsText([verification, verification], colours))
})

test('replay: nothing that others write is obeyed', (t) => inert(t, (colours) => replayText(replayed, colours)))

test('doctor: nothing that others write is obeyed', (t) => inert(t, (colours) => doctorText(checks, colours)))

test('talk on a terminal and beside one: nothing that others write is obeyed, and nothing wraps', (t) => {
  const { reading } = ran('base', 'red')
  const happenings: SessionEvent[] = poisoned(
    [
      { is: 'session', session: '', base: '', sandbox: '' },
      { is: 'phase', name: '', detail: '' },
      { is: 'run', step: { is: 'base' }, target: '', reading, durationMs: 1 },
      { is: 'attempt', n: 1, proposer: '', verdict: '', detail: '' },
      { is: 'progress', line: '' },
      { is: 'warning', text: '' },
    ],
    new Set(['is']),
  )
  for (const live of [true, false]) {
    const written: string[] = []
    const screen = { live, columns: 80, paint: plain, write: (text: string) => void written.push(text) }
    const reporter = terminalReporter(screen, 'verbose', () => 0)
    for (const one of happenings) reporter.tell(one)
    reporter.end()
    const clear = `\r${String.fromCharCode(27)}[2K`
    t.is(obeyed(written.join('').replaceAll(clear, '')), null)
    t.true(written.join('').includes('<script>'))
  }
})

test('a line that nobody escaped is escaped where it is printed, and stays one line', (t) => {
  t.is(printable(plain)(HOSTILE).split('\n').length, 1)
  t.is(printable(plain)('\x1b[32mgreen\x1b[39m'), '\\x1b[32mgreen\\x1b[39m')
  t.is(printable(terminalStyles(true))('\x1b[32mgreen\x1b[39m\x1b[5m'), '\x1b[32mgreen\x1b[39m\\x1b[5m')
})
