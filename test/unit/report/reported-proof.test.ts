import test from 'ava'
import { placesOf, proofState } from '../../../src/engine/report/reported-proof.ts'
import { MISSING, reported } from './reported.ts'

test('a proof passes only if a verifier accepts it', (t) => {
  const states = (['PROVED', 'PROVED_UNSIGNED', 'UNSIGNED', 'TAMPERED', 'STALE', 'INCONCLUSIVE'] as const).map(
    (word) => {
      const { is, word: said } = proofState(reported({}, word))
      return [said, is]
    },
  )
  t.deepEqual(states, [
    ['PROVED', 'passed'],
    ['PROVED_UNSIGNED', 'passed'],
    ['UNSIGNED', 'failed'],
    ['TAMPERED', 'failed'],
    ['STALE', 'failed'],
    ['INCONCLUSIVE', 'undecided'],
  ])
  t.like(proofState({ ...reported(), verified: null }), { is: 'undecided', word: 'INCONCLUSIVE' })
  t.like(proofState(MISSING), { is: 'failed', word: 'MISSING' })
})

test('a record that is no proof speaks for itself, whatever a verifier says', (t) => {
  for (const [verdict, is] of [
    ['NOT_FIXED', 'failed'],
    ['TESTS_CHANGED', 'failed'],
    ['DENIED', 'failed'],
    ['FLAKY', 'undecided'],
    ['NOT_RUN', 'undecided'],
    ['INTERRUPTED', 'undecided'],
  ] as const)
    t.deepEqual(proofState(reported({ verdict, reason: 'so', mend: 'try' }, 'PROVED')), {
      ...{ is, word: verdict, reason: 'so', mend: 'try' },
    })
})

const PATCH = [
  'diff --git a/tests/test_a.py b/tests/test_a.py',
  '--- a/tests/test_a.py',
  '+++ b/tests/test_a.py',
  '@@ -10,4 +12,4 @@ def test_a():',
  ' one',
  ' two',
  '-    assert f() == 1',
  '+    assert f()',
  'diff --git a/tests/gone.py b/tests/gone.py',
  'deleted file mode 100644',
  '--- a/tests/gone.py',
  '+++ /dev/null',
  '@@ -1 +0,0 @@',
  '-x',
  '',
].join('\n')

test('findings are changed expectations, changed judges at the line where the change begins, and remarks', (t) => {
  const expectations = {
    changed: [{ path: 'tests/test_a.py', line: 14, before: 'assert f() == 1', after: 'assert f()' }],
    others: null,
  }
  const judgesChanged = ['tests/test_a.py', 'tests/gone.py']
  const remarks = [{ path: 'a.py', line: 3, kind: 'process-end', sentence: 'a.py:3 ends the process' }]
  const found = placesOf(reported({ verdict: 'TESTS_CHANGED', patch: PATCH, expectations, judgesChanged, remarks }))
  t.deepEqual(
    found.map(({ level, rule, path, line }) => [level, rule, path, line]),
    [
      ['error', 'test-expectation-changed', 'tests/test_a.py', 14],
      ['error', 'judge-changed', 'tests/test_a.py', 14],
      ['error', 'judge-changed', 'tests/gone.py', null],
      ['warning', 'process-end', 'a.py', 3],
    ],
  )
  t.is(found[0]?.sentence, 'a test asks for assert f() now; before: assert f() == 1')
  t.is(placesOf(reported({ patch: PATCH, judgesChanged }))[0]?.level, 'notice')
  t.deepEqual(placesOf(MISSING), [])
})
