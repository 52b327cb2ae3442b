import test from 'ava'
import * as z from 'zod'
import { reportSarif } from '../../../src/engine/report/sarif.ts'
import { HOSTILE, obeyed } from '../../helpers/hostile.ts'
import { hostileProof, MISSING, reported } from './reported.ts'

/** The part of SARIF 2.1.0 (sections 3.13 to 3.30) that is written here, with what the standard demands of it. */
const Text = z.strictObject({ text: z.string().min(1) })
const Uri = z.string().regex(/^(?:[\w.~!$&'()*+,;=@-]|%[0-9A-F]{2})(?:[\w.~!$&'()*+,;=@/-]|%[0-9A-F]{2})*$/)
const Result = z.strictObject({
  ruleId: z.string().min(1),
  ruleIndex: z.int().min(0),
  level: z.enum(['none', 'note', 'warning', 'error']),
  message: Text,
  locations: z
    .array(
      z.strictObject({
        physicalLocation: z.strictObject({
          artifactLocation: z.strictObject({ uri: Uri, uriBaseId: z.string() }),
          region: z.strictObject({ startLine: z.int().min(1) }),
        }),
      }),
    )
    .length(1),
})
const Rule = z.strictObject({ id: z.string().min(1), shortDescription: Text })
const Sarif = z.strictObject({
  $schema: z.url(),
  version: z.literal('2.1.0'),
  runs: z
    .array(
      z.strictObject({
        tool: z.strictObject({
          driver: z.strictObject({
            name: z.string(),
            semanticVersion: z.string().regex(/^\d+\.\d+\.\d+/),
            rules: z.array(Rule),
          }),
        }),
        results: z.array(Result),
      }),
    )
    .length(1),
})

/** The one run of a valid file. Each result has to name its rule twice, by its name and by its place. */
function runOf(text: string) {
  const [run] = Sarif.parse(JSON.parse(text)).runs
  const { results = [], tool } = run ?? {}
  const rules = tool?.driver.rules ?? []
  for (const { ruleId, ruleIndex } of results) if (rules[ruleIndex]?.id !== ruleId) throw new Error(`no rule ${ruleId}`)
  if (new Set(rules.map(({ id }) => id)).size !== rules.length) throw new Error('a rule is there twice')
  return { results, rules }
}

const remark = (line: number, path = 'a.py') => ({
  path,
  line,
  kind: 'process-end',
  sentence: `${path}:${line} ends it`,
})

test('findings with a line are results, and a verdict is none', (t) => {
  const { results, rules } = runOf(
    reportSarif([reported({ remarks: [remark(3), remark(9)], judgesChanged: ['gone.py'] }), MISSING], '1.2.3'),
  )
  t.deepEqual(
    rules.map(({ id }) => id),
    ['process-end'],
  )
  t.deepEqual(
    results.map(({ level, locations: [place] }) => [level, place?.physicalLocation.region.startLine]),
    [
      ['warning', 3],
      ['warning', 9],
    ],
  )
  t.is(results[0]?.message.text, `a.py:3 ends it (${MISSING.commit?.slice(0, 12)})`)
  t.deepEqual(runOf(reportSarif([MISSING], '1.2.3')), { results: [], rules: [] })
})

test('a path is a relative reference, whatever it is called', (t) => {
  for (const path of [
    'a b/c:d.py',
    'http://evil/x',
    '%41',
    'q\'"#?&.py',
    'ü/\u{1f600}',
    'a\nb\tc',
    'lone\ud800',
    '...',
    '-x',
  ]) {
    const { results } = runOf(reportSarif([reported({ remarks: [remark(1, path)] })], '1.2.3'))
    const uri = results[0]?.locations[0]?.physicalLocation.artifactLocation.uri ?? ''
    t.is(decodeURIComponent(new URL(uri, 'file:///root/').pathname), `/root/${path.replace('\ud800', '\ufffd')}`)
  }
})

test('whatever a proof says, the file is valid, and its texts hold nothing that is obeyed', (t) => {
  const { results } = runOf(reportSarif([hostileProof(HOSTILE)], '1.2.3'))
  t.is(results.length, 2)
  for (const { message } of results) t.is(obeyed(message.text), null)
})

test('no more results than a forge shows', (t) => {
  const many = Array.from({ length: 120 }, () =>
    reported({ remarks: Array.from({ length: 50 }, (_, n) => remark(n + 1)) }),
  )
  t.is(runOf(reportSarif(many, '1.2.3')).results.length, 5000)
})
