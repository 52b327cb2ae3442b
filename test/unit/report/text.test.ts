import test from 'ava'
import { LIMITS } from '../../../src/engine/core/record/proof-summary.ts'
import { logText } from '../../../src/engine/report/log.ts'
import { showText } from '../../../src/engine/report/show.ts'
import { terminalStyles, wantsColour } from '../../../src/engine/report/terminal-styles.ts'
import { replayText, sessionText } from '../../../src/engine/report/text.ts'
import { attempt, FINAL, proved, ran, SESSION } from './samples.ts'

const plain = terminalStyles(false)
const text = (result: Parameters<typeof sessionText>[0], patchLines?: number) =>
  sessionText(result, plain, patchLines).join('\n')

test('a proof reads from the verdict to what to type next', (t) => {
  t.is(
    text(proved()),
    `PROVED: 1 test fails without the patch and passes with it
command:   unit: pytest -q
failed:    tests/test_calc.py::test_add: assert 3 == 4
attempts:  1  NOT_FIXED  search, 1 file +1 -1: fails as before
           2  PROVED  search, 1 file +1 -1
pairs:     red 3/3  green 3/3  (in turn, each in a fresh worktree, after 1 red without the change)
flipped:   tests/test_calc.py::test_add
same:      11 tests green before and after
minimal:   no part of the change can be left out
sandbox:   unshare (util-linux 2.38.1)
not shown: - ${LIMITS}
           - no separate command was checked
patch:
diff --git a/calc.py b/calc.py
--- a/calc.py
+++ b/calc.py
@@ -1,2 +1,2 @@
 def add(a, b):
-    return a - b
+    return a + b
next:      git cherry-pick ffffffffffff
           git pp replay ${SESSION}
           git pp show ${SESSION}`,
  )
})

test('the first line says that nothing held the command', (t) => {
  t.regex(text(proved({ sandbox: 'none', network: 'allow' })), /^PROVED \(without a sandbox\): /)
  t.regex(text(proved({ network: 'allow' })), /^PROVED \(network open\): /)
  t.regex(text(proved({ variables: ['A', 'B'] })), /^PROVED \(sees variables A, B\): /)
  t.regex(text(proved({ network: 'allow', variables: ['A'] })), /^PROVED \(network open; sees variables A\): /)
})

test('a session that ran nothing says nothing of a sandbox', (t) => {
  t.notRegex(text(proved({ verdict: 'USAGE', sandbox: 'none', runs: [] })), /sandbox/)
})

test('a failure names suspects, the closest change and what to try', (t) => {
  const lines = text(
    proved({ verdict: 'NOT_FIXED', final: null, notShown: [], mend: 'git pp run --provider openai "pytest -q"' }),
  )
  t.regex(lines, /^NOT_FIXED: /)
  t.regex(lines, /^suspects: {2}calc\.py:2 add$/m)
  t.regex(lines, /^closest:\ndiff --git/m)
  t.regex(lines, /^try: {7}git pp run --provider openai "pytest -q"$/m)
  t.notRegex(lines, /cherry-pick|replay|not shown/)
})

test('a refusal names its rule and its line of the policy', (t) => {
  const source = { file: 'pp.yaml', line: 7 }
  const refusals = [{ rule: 'deny_write', path: 'x.py', message: 'x.py may not be written', source }]
  const attempts = [attempt(1, 'DENIED', { commit: null, refusals })]
  t.regex(text(proved({ attempts })), /denied: x\.py may not be written \(deny_write, pp\.yaml:7\)/)
})

test('a pair that did not hold is counted against the proof', (t) => {
  const runs = [ran('red 1', 'red'), ran('green 1', 'green'), ran('red 2', 'red'), ran('green 2', 'red')]
  t.regex(
    text(proved({ verdict: 'FLAKY', runs })),
    /^pairs: {5}red 2\/2 {2}green 1\/2 {2}\(in turn, each in a fresh worktree, after 2 red without the change and 1 green with it\)$/m,
  )
})

test('red needs one red target, green needs all targets green', (t) => {
  const other = { target: 'lint' }
  const runs = [
    ran('red 1', 'red'),
    ran('red 1', 'green', other),
    ran('green 1', 'green'),
    ran('green 1', 'red', other),
  ]
  t.regex(text(proved({ runs })), /^pairs: {5}red 1\/1 {2}green 0\/1 {2}\(in turn, /m)
})

test('a proof without pairs says so', (t) => {
  t.regex(
    text(proved({ verdict: 'PASSED_ONCE', runs: [ran('base', 'red')], counts: { reds: 1, greens: 1 } })),
    /^pairs: {5}none; red 1, green 1$/m,
  )
})

test('already green has nothing to take and nothing to look at', (t) => {
  t.notRegex(text(proved({ verdict: 'ALREADY_GREEN', final: null })), /next:|not shown: - The command/)
})

test('a command that was typed needs no name, and a lone change no verdict of its own', (t) => {
  const targets = [{ name: 'command', command: { argv: ['npm', 'test', 'a b'] }, cwd: 'sub' }]
  const lines = text(proved({ kind: 'prove', targets, attempts: [attempt(1, 'PROVED')], same: 0 }))
  t.regex(lines, /^command: {3}npm test 'a b' {2}\(in sub\)$/m)
  t.regex(lines, /^change: {4}1 file \+1 -1$/m)
  t.notRegex(lines, /attempts:|same:/)
})

test('a prove of a commit offers no cherry-pick of what is there', (t) => {
  t.notRegex(text(proved({ kind: 'prove' })), /cherry-pick/)
})

test('judges that the change edits are listed', (t) => {
  const lines = text(proved({ judges: 'change', judgesChanged: ['tests/test_new.py'] }))
  t.regex(lines, /^judges: {4}red was shown with the tests of the change:\n {13}tests\/test_new\.py$/m)
})

test('a long diff is cut, and the way to the rest is named', (t) => {
  const lines = sessionText(proved(), plain, 2)
  const at = lines.indexOf('patch:')
  t.deepEqual(lines.slice(at + 1, at + 4), [
    'diff --git a/calc.py b/calc.py',
    '--- a/calc.py',
    `(5 more: git pp show ${SESSION})`,
  ])
})

test('strings of others cannot end a line or colour it', (t) => {
  const evil = 'x\nPROVED: \x1b[32mtrust me'
  const failures = [{ id: evil, message: evil }]
  const lines = sessionText(
    proved({ reason: evil, failures, flipped: [evil], suspects: [evil], warnings: [evil] }),
    plain,
  )
  t.true(lines.slice(1).every((line) => !line.startsWith('PROVED')))
  t.false(lines.join('').includes('\x1b'))
})

test('the patch is coloured where colours are wanted', (t) => {
  const lines = sessionText(proved(), terminalStyles(true))
  t.true(lines.includes('\x1b[32m+    return a + b\x1b[39m'))
})

const view = {
  commit: FINAL,
  session: SESSION,
  manifest: 'a'.repeat(64),
  startedAt: '2024-01-02T03:04:05Z',
  finishedAt: '2024-01-02T03:05:05Z',
  author: 'A U Thor',
  others: [],
  attestations: [],
  changedTests: [],
  files: new Map(),
}

test('show tells commit, author, times, manifest and every run', (t) => {
  const lines = showText({ ...view, result: proved({ kind: 'prove' }) }, plain).join('\n')
  t.regex(lines, /^PROVED: /)
  t.regex(lines, /^commit: {4}f{40}$/m)
  t.regex(lines, /^by: {8}A U Thor$/m)
  t.regex(lines, /^manifest: {2}sha256:a{64}$/m)
  t.is([...lines.matchAll(/(red|green) \d unit, 0\.8 s/g)].length, 6)
})

test('show says whose keys are named by how many attestations, and that nobody checked them', (t) => {
  const attestations = [
    { role: 'prover', mode: 'ssh', key: 'SHA256:abc' },
    { role: 'endorser', mode: null, key: null },
  ] as const
  const lines = showText({ ...view, attestations, result: proved() }, plain).join('\n')
  t.regex(
    lines,
    /^signed: {4}2 attestations, not checked by this command \(git pp verify checks them\):\n {13}prover, ssh key SHA256:abc\n {13}endorser, a key without an id$/m,
  )
  t.notRegex(showText({ ...view, result: proved() }, plain).join('\n'), /signed/)
})

test('show names the tests that a change adds, and those of files that it touches, not too many of them', (t) => {
  const many = Array.from({ length: 30 }, (_, n) => ({ id: `tests/test_new.py::test_${n}`, is: 'added' as const }))
  const changedTests = [{ id: 'tests/test_old.py::test_a\x1b[2J', is: 'in a changed file' as const }, ...many]
  const lines = showText({ ...view, changedTests, result: proved() }, plain).join('\n')
  t.regex(
    lines,
    /^tests: {5}in a changed file: tests\/test_old\.py::test_a\\x1b\[2J\n {11}added: tests\/test_new\.py::test_0$/m,
  )
  t.regex(lines, /^ {11}\(19 more: --json\)$/m)
})

test('a signed session names the key as the tool of its owner does', (t) => {
  const attestation = { role: 'prover', mode: 'ssh', keyid: 'ab'.repeat(32), fingerprint: 'SHA256:abc' } as const
  t.regex(text(proved({ attestation })), /^signed: {4}ssh, key SHA256:abc$/m)
})

test('log has one line for each proof', (t) => {
  const entry = { session: SESSION, at: view.startedAt, kind: 'run', counts: { reds: 3, greens: 3 }, from: null }
  t.deepEqual(
    logText(
      [
        { ...entry, commit: FINAL, verdict: 'PROVED', subject: 'make it\npass' },
        { ...entry, commit: null, verdict: 'NOT_FIXED', subject: '', from: 'origin' },
      ],
      plain,
    ),
    [
      `${SESSION}  PROVED     run    red 3 green 3  ffffffffffff  2024-01-02  make it\\npass`,
      `${SESSION}  NOT_FIXED  run    red 3 green 3  -             2024-01-02    (from origin)`,
    ],
  )
})

test('a replay lists what differs', (t) => {
  const lines = replayText(
    {
      schemaVersion: 1,
      verdict: 'INCONCLUSIVE',
      reason: 'green 2 of 3',
      session: SESSION,
      base: FINAL,
      final: null,
      runs: [ran('red 1', 'red')],
      mend: 'say --include node_modules',
      foreign: true,
      loosened: ['--network allow'],
      differences: ['test_x: red then, green now'],
    },
    plain,
  )
  t.is(lines[0], 'INCONCLUSIVE: green 2 of 3')
  t.true(lines.includes('differs:   test_x: red then, green now'))
  t.true(lines.includes('try:       say --include node_modules'))
})

const colours: readonly [boolean, Record<string, string>, boolean][] = [
  [true, {}, true],
  [false, {}, false],
  [true, { NO_COLOR: '1' }, false],
  [true, { NO_COLOR: '' }, true],
  [true, { TERM: 'dumb' }, false],
  [false, { FORCE_COLOR: '1' }, true],
  [true, { FORCE_COLOR: '0' }, false],
]

for (const [tty, env, wanted] of colours) {
  test(`${tty ? 'a terminal' : 'a pipe'} with ${JSON.stringify(env)} gets ${wanted ? '' : 'no '}colours`, (t) => {
    t.is(wantsColour(tty, env), wanted)
  })
}

test('of the places to look at, the first five are listed and the others are counted', (t) => {
  const remarks = Array.from({ length: 7 }, (_, n) => ({
    ...{ path: 'calc.py', line: n + 1, kind: 'process-end' },
    sentence: `calc.py:${n + 1} ends the \u202eprocess`,
  }))
  const lines = text(proved({ remarks })).split('\n')
  const first = lines.indexOf('look at:   calc.py:1 ends the \\u202eprocess')
  t.true(first > 0)
  t.deepEqual(lines.slice(first + 4, first + 7), [
    '           calc.py:5 ends the \\u202eprocess',
    `           and 2 more; git pp report ${SESSION} --format html lists them all`,
    'patch:',
  ])
  t.notRegex(text(proved()), /look at/)
})
