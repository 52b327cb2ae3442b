import test from 'ava'
import type { Trace } from '../../../../src/engine/model/trace.ts'
import type { Tracer } from '../../../../src/engine/ports/tracer.ts'
import { CALC, edits, RIGHT, running, type Story } from '../../../support/fakes.ts'

const BASE = {
  ...CALC,
  'vectors/want.json': '3\n',
  'views/mail.html': '<p>\n',
  'lib/fixtures.js': 'given\n',
}

/** A tracer that saw this, whatever ran. */
function tracerThatSaw(trace: Partial<Trace>): Tracer {
  const spectra = [{ test: null, failed: true, lines: new Map([['calc.js', new Set([1])]]) }]
  return {
    kind: 'fake',
    traces: (path) => path.endsWith('.js'),
    files: () => new Map(),
    env: () => ({}),
    read: async () => ({ spectra, loaded: [], before: new Map(), reads: [], calledByRunner: [], frames: [], ...trace }),
  }
}

const STORY: Story = {
  base: BASE,
  reads: Object.keys(BASE),
  tracers: [
    tracerThatSaw({
      reads: [
        { path: 'vectors/want.json', by: 'test/calc.test.js' },
        { path: 'views/mail.html', by: 'calc.js' },
        { path: '../outside', by: 'test/calc.test.js' },
      ],
      calledByRunner: ['lib/fixtures.js', 'not/tracked.js'],
    }),
  ],
}
const policy = (path: string) => `policy: {write_allowlist: [calc.js, ${JSON.stringify(path)}]}\n`

test('data that a judge reads is not named by a pattern for its directory, data that product reads is', async (t) => {
  const judged = edits({ ...RIGHT, 'vectors/want.json': '4\n' })
  const [denied] = (await running({ ...STORY, policy: policy('vectors/**') }, judged)).attempts
  t.is(denied?.verdict, 'DENIED')
  t.regex(denied?.reason ?? '', /^vectors\/want\.json: test\/calc\.test\.js reads it, so it decides what passes/)
  const allowed = `${policy('vectors/**').replace('{write', '{tests: {allow: [vectors/want.json]}, write')}`
  t.is((await running({ ...STORY, policy: allowed }, judged)).verdict, 'PROVED')
  const template = edits({ ...RIGHT, 'views/mail.html': '<b>\n' })
  t.is((await running({ ...STORY, policy: policy('views/**') }, template)).verdict, 'PROVED')
})

test('a file whose fixtures the test runner calls is named as a judge is', async (t) => {
  const fixture = edits({ ...RIGHT, 'lib/fixtures.js': 'other\n' })
  const { tracers: _, ...blind } = STORY
  t.is((await running({ ...blind, policy: policy('lib/**') }, fixture)).verdict, 'PROVED')
  const [denied] = (await running({ ...STORY, policy: policy('lib/**') }, fixture)).attempts
  t.regex(denied?.reason ?? '', /^lib\/fixtures\.js: the test runner calls its fixtures or hooks, so it decides/)
})
