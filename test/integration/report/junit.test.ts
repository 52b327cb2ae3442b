import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { validateXML } from 'xmllint-wasm'
import { reportJunit } from '../../../src/engine/report/junit.ts'
import { HOSTILE, obeyed } from '../../helpers/hostile.ts'
import { hostileProof, MISSING, reported, verifiedAs } from '../../unit/report/reported.ts'

const SCHEMA = readFileSync(join(import.meta.dirname, '../../fixtures/junit.xsd'), 'utf8')

/** What is wrong with a file: it is not XML, or not what the schema describes. */
async function faults(contents: string): Promise<readonly string[]> {
  const { valid, errors } = await validateXML({
    xml: [{ fileName: 'proofs.xml', contents }],
    schema: [{ fileName: 'junit.xsd', contents: SCHEMA }],
  })
  return valid ? [] : errors.map(({ message }) => message)
}

const TARGETS = ['unit', 'lint'].map((name) => ({ name, command: { shell: `run ${name}` }, cwd: '' }))
const all = [
  reported({ targets: TARGETS }),
  reported({ targets: TARGETS, verdict: 'NOT_FIXED', reason: 'it still fails' }),
  reported({ verdict: 'FLAKY', reason: 'runs of one tree disagree', mend: 'git pp prove --flaky' }),
  MISSING,
]

test('each commit is a suite and each target a case: passed, a failure, or an error', async (t) => {
  const text = reportJunit(all)
  t.deepEqual(await faults(text), [])
  t.is(text.match(/<testsuite /g)?.length, 4)
  t.is(text.match(/<testcase /g)?.length, 6)
  t.true(text.includes('<testsuites name="git pp" tests="6" failures="3" errors="1">'))
  t.is(text.match(/<failure message="NOT_FIXED: it still fails" type="NOT_FIXED">it still fails/g)?.length, 2)
  t.true(text.includes('<error message="FLAKY: runs of one tree disagree" type="FLAKY">'))
  t.true(text.includes('try: git pp prove --flaky</error>'))
  t.true(text.includes('<failure message="MISSING: no proof here is about this commit" type="MISSING">'))
  t.regex(text, /<testcase name="unit" classname="git-pp\.\w{12}" time="\d+\.\d{3}"\/>/)
  t.regex(text, /timestamp="2024-01-02T03:04:05"/)
})

test('no proofs are an empty file, and the schema does refuse files', async (t) => {
  const none = reportJunit([])
  t.deepEqual(await faults(none), [])
  for (const [from, to] of [
    ['tests="0"', 'tests="many"'],
    ['</testsuites>', '<testcase/></testsuites>'],
    ['</testsuites>', ''],
  ] as const)
    t.not((await faults(none.replace(from, to))).length, 0, to)
})

const CHARACTERS = 'a "b" \'c\' % :: &amp; ]]> <!-- \u0000\u0001\u001b[31m \ufffe\uffff \ud800 \r\n end'

test('whatever a proof says, the file is valid and says it', async (t) => {
  for (const text of [HOSTILE, CHARACTERS]) {
    const [target] = TARGETS
    const failing = reported({
      ...{ verdict: 'NOT_FIXED', reason: text, mend: text, failures: [{ id: text, message: text }] },
      targets: [{ ...target, name: text, command: { shell: text }, cwd: '' }],
    })
    const xml = reportJunit([failing, hostileProof(text), { ...MISSING, verified: verifiedAs('MISSING', text) }])
    t.deepEqual(await faults(xml), [])
    t.is(obeyed(xml, true), null)
    t.true(
      xml.includes(
        text === HOSTILE ? '&lt;script&gt;' : "a &quot;b&quot; 'c' % :: &amp;amp; ]]&gt; &lt;!-- \\x00\\x01\\x1b[31m",
      ),
    )
  }
})
