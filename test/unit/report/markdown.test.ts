import test from 'ava'
import { reportMarkdown } from '../../../src/engine/report/markdown.ts'
import { FINAL, ran, SESSION } from './samples.ts'
import { hostileView, viewOf } from './views.ts'

/** What is left of a block when its fences are taken out, by the rule of CommonMark 0.31, 4.5. */
function outside(markdown: string): string {
  const kept: string[] = []
  let fence: string | null = null
  for (const line of markdown.split('\n')) {
    const [, ticks, info] = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line) ?? []
    if (fence !== null) {
      if (ticks?.startsWith(fence) && info?.trim() === '') fence = null
    } else if (ticks === undefined) kept.push(line)
    else fence = ticks
  }
  if (fence !== null) throw new Error(`a fence stays open: ${fence}`)
  return kept.join('\n')
}

test('a block tells red, green, red and green with their counts, what was not checked, and how to check it', (t) => {
  const text = reportMarkdown(viewOf({ runs: [...viewOf().result.runs, ran('attempt 2', 'green')] }), null)
  t.regex(text, /^### PROVED\n/)
  t.regex(text, /\| without the change \| red 1 of 1 \|\n\| with the change \| green 1 of 1 \|/)
  t.regex(text, /red 3 of 3 \|\n.*green 3 of 3 \|/)
  t.regex(text, /\*\*What failed\*\*\n\n```text\ntests\/test_calc\.py::test_add: assert 3 == 4\n```/)
  t.regex(text, /\*\*Not checked\*\*\n\n```text\nno separate command was checked\n```/)
  t.regex(
    text,
    new RegExp(`\`\`\`sh\ngit pp fetch origin ${FINAL}\ngit pp verify ${SESSION}\ngit pp replay ${SESSION}\n\`\`\``),
  )
  t.regex(text, /a green does not say that the patch is what was meant/)
})

test('a signed proof names the keys that are said to have signed it, and the one command that holds it against them', (t) => {
  const attestations = [{ role: 'prover', mode: 'ssh', key: 'SHA256:abc' }] as const
  const text = reportMarkdown({ ...viewOf(), attestations }, null)
  t.regex(text, /\*\*Signed, as the attestations say\*\*\n\n```text\nprover, ssh key SHA256:abc\n```/)
  t.regex(text, new RegExp(`\ngit pp verify ${SESSION} --key FILE\n`))
  t.regex(outside(text), /FILE is the key of a signer whom you trust, got by another way than this proof/)
})

test('what stood beside the tree is named for whoever runs it again, but for secrets and words that are no paths', (t) => {
  const paths = ['node_modules', 'a/.venv', '.env', '../up', '-x', 'a b;c']
  const environment = JSON.stringify({ includes: paths.map((path) => ({ path })) })
  const text = reportMarkdown(viewOf({}, { 'environment.json': environment }), null)
  t.regex(text, new RegExp(`\ngit pp replay ${SESSION} --include node_modules --include a/\\.venv\n`))
  t.regex(outside(text), /install the dependencies in your checkout first/)
})

test('tests that the change adds are named', (t) => {
  const text = reportMarkdown({ ...viewOf(), changedTests: [{ id: 'tests/a.py::test_a', is: 'added' }] }, null)
  t.regex(text, /\*\*Tests that the change touches\*\*\n\n```text\nadded: tests\/a\.py::test_a\n```/)
})

test('a pair that did not hold is counted', (t) => {
  const runs = [ran('red 1', 'red'), ran('green 1', 'red')]
  t.regex(reportMarkdown(viewOf({ runs }), null), /green 0 of 1/)
})

test('files that run by themselves come before everything else', (t) => {
  const section = (path: string) =>
    `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-a\n+b\n`
  const text = reportMarkdown(viewOf({ patch: ['calc.py', '.github/workflows/ci.yml'].map(section).join('') }), null)
  t.true(text.indexOf('Runs by itself, so read it first') < text.indexOf('| run |'))
  t.regex(text, /read it first\*\*\n\n```text\n\.github\/workflows\/ci\.yml \(CI\)\n```/)
  t.regex(text, /\*\*Changed files\*\*\n\n```text\n\.github\/workflows\/ci\.yml\ncalc\.py\n```/)
})

test('words of others stay in their fences: no link, mention, closing word or markup is live', (t) => {
  const text = reportMarkdown(hostileView(), {
    ...{ schemaVersion: 1, verdict: 'UNSIGNED', mend: null, commit: null, session: null, manifest: null },
    ...{ reason: '```\n@everyone', signatures: [], checks: [], cautions: [] },
  })
  const live = outside(text)
  t.notRegex(
    live,
    /evil|@|#\d|GH-|closes|fixes|script|<|\[link|owned|out of the fence|\*\*\*|- \[|\| a \||believe|long long/i,
  )
  t.notRegex(text, /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff]/)
  t.true(text.includes('\\u202e'))
})

test('a block fits a comment, however much a proof says', (t) => {
  const many = Array.from({ length: 5000 }, (_, n) => `${n} ${'😀`'.repeat(2000)}`)
  const failures = many.map((id) => ({ id, message: id }))
  const text = reportMarkdown(
    viewOf({ failures, flipped: many, notShown: many, warnings: many, reason: many.join() }),
    null,
  )
  t.true(text.length < 65_536, String(text.length))
  t.regex(text, /\(4980 more\)/)
  outside(text)
})

test('a bundle directory has no commit to fetch', (t) => {
  const text = reportMarkdown({ ...viewOf(), commit: null }, null)
  t.notRegex(text, /git pp fetch/)
  t.regex(text, /git pp replay DIRECTORY/)
})
