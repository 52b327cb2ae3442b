import test from 'ava'
import type { LocalProofFacts } from '../../../src/engine/model/proof-view.ts'
import { reportMarkdown } from '../../../src/engine/report/markdown.ts'
import { HOSTILE, poisoned } from '../../helpers/hostile.ts'
import { FINAL, ran, SESSION } from './samples.ts'
import { HERE, hostileView, viewOf, WORDS } from './views.ts'

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
  const text = reportMarkdown(viewOf({ runs: [...viewOf().result.runs, ran('attempt 2', 'green')] }), null, HERE)
  t.regex(text, /^### PROVED\n/)
  t.regex(text, /\| without the change \| red 1 of 1 \|\n\| with the change \| green 1 of 1 \|/)
  t.regex(text, /red 3 of 3 \|\n.*green 3 of 3 \|/)
  t.regex(text, /\*\*What failed\*\*\n\n```text\ntests\/test_calc\.py::test_add: assert 3 == 4\n```/)
  t.regex(text, /\*\*Not checked\*\*\n\n```text\nno separate command was checked\n```/)
  t.regex(
    text,
    new RegExp(`\`\`\`sh\ngit pp fetch upstream ${FINAL}\ngit pp verify ${SESSION}\ngit pp replay ${SESSION}\n\`\`\``),
  )
  t.regex(text, /a green does not say that the patch is what was meant/)
})

test('a signed proof names the keys that are said to have signed it, and the one command that holds it against them', (t) => {
  const attestations = [{ role: 'prover', mode: 'ssh', key: 'SHA256:abc' }] as const
  const text = reportMarkdown({ ...viewOf(), attestations }, null, HERE)
  t.regex(text, /\*\*Signed, as the attestations say\*\*\n\n```text\nprover, ssh key SHA256:abc\n```/)
  t.regex(text, new RegExp(`\ngit pp verify ${SESSION} --key FILE\n`))
  t.regex(outside(text), /FILE is the public key of a signer whom you trust; do not take it from this proof/)
})

test('what stood beside the tree is named for whoever runs it again, but for secrets and words that are no paths', (t) => {
  const paths = ['node_modules', 'a/.venv', '.env', '../up', '-x', 'a b;c']
  const environment = JSON.stringify({ includes: paths.map((path) => ({ path })) })
  const text = reportMarkdown(viewOf({}, { 'environment.json': environment }), null, HERE)
  t.regex(text, new RegExp(`\ngit pp replay ${SESSION} --include node_modules --include a/\\.venv\n`))
  t.regex(outside(text), /Install the dependencies in your checkout first/)
})

test('tests that the change adds are named', (t) => {
  const text = reportMarkdown({ ...viewOf(), changedTests: [{ id: 'tests/a.py::test_a', is: 'added' }] }, null, HERE)
  t.regex(text, /\*\*Tests that the change touches\*\*\n\n```text\nadded: tests\/a\.py::test_a\n```/)
})

test('a pair that did not hold is counted', (t) => {
  const runs = [ran('red 1', 'red'), ran('green 1', 'red')]
  t.regex(reportMarkdown(viewOf({ runs }), null, HERE), /green 0 of 1/)
})

test('files that run by themselves come before everything else', (t) => {
  const section = (path: string) =>
    `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-a\n+b\n`
  const text = reportMarkdown(
    viewOf({ patch: ['calc.py', '.github/workflows/ci.yml'].map(section).join('') }),
    null,
    HERE,
  )
  t.true(text.indexOf('Runs by itself, so read it first') < text.indexOf('| run |'))
  t.regex(text, /read it first\*\*\n\n```text\n\.github\/workflows\/ci\.yml \(CI\)\n```/)
  t.regex(
    text,
    /\*\*Changed files\*\*\n\n```text\n\.github\/workflows\/ci\.yml \(modified, \+1 -1\)\ncalc\.py \(modified, \+1 -1\)\n```/,
  )
})

test('words of others stay in their fences: no link, mention, closing word or markup is live', (t) => {
  const commit = {
    ...HERE.commit,
    ...poisoned({ author: '', subject: '', message: '' }, WORDS),
  } as LocalProofFacts['commit']
  const hostileLine = { agent: 'claude', session: HOSTILE, event: 'stop', tookMs: 0, tree: null, proof: null } as const
  const hostileHere = {
    ...{ commit, remote: HOSTILE },
    gate: [{ ...hostileLine, at: HOSTILE, word: 'NOT_FIXED', go: false, reason: HOSTILE } as const],
  }
  const text = reportMarkdown(
    hostileView(),
    {
      ...{ schemaVersion: 1, verdict: 'UNSIGNED', mend: null, commit: null, session: null, manifest: null },
      ...{ reason: '```\n@everyone', signatures: [], checks: [], cautions: [] },
    },
    hostileHere,
  )
  const ours = ['<details><summary>The diff</summary>', '</details>']
  const live = outside(text)
    .split('\n')
    .filter((line) => !ours.includes(line))
    .join('\n')
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
    HERE,
  )
  t.true(text.length < 65_536, String(text.length))
  t.regex(text, /\(4980 more\)/)
  outside(text)
})

test('the commit that was proved, its base, who made it and when are named', (t) => {
  const text = reportMarkdown(viewOf(), null, HERE)
  const made = 'by C O Mitter <committer@example.com>, committed 2024-01-02T03:04:05.000Z'
  t.true(text.includes(`**Commit**\n\n\`\`\`text\ncommit ${FINAL} ${made}\nbase   ${'b'.repeat(40)}\n\`\`\``))
  const at = { ...HERE, commit: HERE.commit && { ...HERE.commit, at: 999_999_999_999_999 } }
  t.regex(reportMarkdown(viewOf(), null, at), /committed at no time/)
})

test('what became of each file is told, and which separate commands passed', (t) => {
  const patch = [
    'diff --git a/a.py b/a.py\nnew file mode 100644\nindex 0..1\n--- /dev/null\n+++ b/a.py\n@@ -0,0 +1,2 @@\n+a\n++b\n',
    'diff --git a/b.py b/b.py\ndeleted file mode 100644\nindex 1..0\n--- a/b.py\n+++ /dev/null\n@@ -1 +0,0 @@\n--- b\n',
    'diff --git a/c.png b/c.png\nindex 1..2 100644\nGIT binary patch\nliteral 1\n+c\n',
  ].join('')
  const runs = [...viewOf().result.runs, ran('separate command', 'green', { target: 'lint' })]
  const text = reportMarkdown(viewOf({ patch, runs, judgesChanged: ['b.py'] }), null, HERE)
  t.regex(
    text,
    /b\.py \(deleted, \+0 -1, a judge: test, configuration or CI\)\na\.py \(added, \+2 -0\)\nc\.png \(modified, binary\)/,
  )
  t.regex(text, /\*\*Separate commands that passed\*\*\n\n```text\nlint\n```/)
})

test('the diff is folded in a fence that it cannot end, and cut at whole lines', (t) => {
  const patch = `${viewOf().result.patch}+\`\`\`\`\n`
  const text = reportMarkdown(viewOf({ patch }), null, HERE)
  t.true(text.endsWith(`<details><summary>The diff</summary>\n\n\`\`\`\`\`diff\n${patch}\`\`\`\`\`\n\n</details>\n`))
  const long = reportMarkdown(viewOf({ patch: `${patch}${'+long\n'.repeat(10_000)}` }), null, HERE)
  t.regex(
    long,
    new RegExp(`\n\nThe diff is cut after \\d{4} lines: git show ${FINAL} prints the whole diff\\.\n\n</details>\n$`),
  )
  t.true(long.length < 30_000)
  t.regex(
    reportMarkdown(viewOf({ patch: null }), null, HERE),
    /\nThe diff is cut after 0 lines: git show f+ prints the whole diff\.\n$/,
  )
})

test('without a remote nothing is to be fetched', (t) => {
  t.notRegex(reportMarkdown(viewOf(), null, { ...HERE, remote: null }), /git pp fetch/)
})

test('a bundle directory has no commit to fetch', (t) => {
  const text = reportMarkdown({ ...viewOf(), commit: null }, null, HERE)
  t.notRegex(text, /git pp fetch/)
  t.regex(text, /git pp replay DIRECTORY/)
})

test('the story of an agent at the gate is told, as what this machine says', (t) => {
  const line = { agent: 'claude', session: '0123456789ab', event: 'stop', tookMs: 900, tree: null } as const
  const back = {
    at: '2026-01-02T03:04:05.678Z',
    word: 'TESTS_CHANGED',
    go: false,
    reason: 'it weakens\n# a test',
  } as const
  const go = { at: '2026-01-02T03:09:05.678Z', word: 'PROVED', go: true, reason: 'red and green', proof: 's' } as const
  const gate = [
    { ...line, ...back, proof: null },
    { ...line, ...go },
  ]
  const text = reportMarkdown(viewOf(), null, { ...HERE, gate })
  t.regex(text, /At the gate, as this machine recorded it/)
  t.regex(text, /2026-01-02T03:04:05Z claude sent back, TESTS_CHANGED: it weakens/)
  t.regex(text, /claude may stop, PROVED: red and green/)
  t.notRegex(text, /^# a test/m)
  t.notRegex(reportMarkdown(viewOf(), null, HERE), /At the gate/)
})
