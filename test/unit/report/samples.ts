import type { AttemptSummary, RunSummary, SessionResult } from '../../../src/engine/model/session.ts'

export const SESSION = '01jd3x5k9q8v7w6m5n4p3r2s1t'
export const FINAL = 'f'.repeat(40)
const BASE = 'b'.repeat(40)

/** One execution that took 800 ms. */
export function ran(on: string, is: 'red' | 'green', more: Partial<RunSummary> = {}): RunSummary {
  const reading =
    is === 'green'
      ? { is: 'green' as const }
      : { is: 'red' as const, reason: 'assert 3 == 4', failing: ['tests/test_calc.py::test_add'] }
  return {
    on,
    target: 'unit',
    ended: { how: 'exited', code: is === 'green' ? 0 : 1 },
    reading,
    durationMs: 800,
    ...more,
  }
}

export function attempt(n: number, verdict: string, more: Partial<AttemptSummary> = {}): AttemptSummary {
  const size = { files: 1, insertions: 1, deletions: 1 }
  return { n, commit: FINAL, verdict, reason: '', proposer: 'search', ...size, refusals: [], ...more }
}

/** A `run` that proved a patch of one line in three pairs. */
export function proved(more: Partial<SessionResult> = {}): SessionResult {
  return {
    schemaVersion: 1,
    kind: 'run',
    verdict: 'PROVED',
    reason: '1 test fails without the patch and passes with it',
    mend: null,
    session: SESSION,
    base: BASE,
    snapshot: false,
    final: FINAL,
    targets: [{ name: 'unit', command: { shell: 'pytest -q' }, cwd: '' }],
    attempts: [attempt(1, 'NOT_FIXED', { reason: 'fails as before' }), attempt(2, 'PROVED')],
    runs: [ran('base', 'red'), ...[1, 2, 3].flatMap((n) => [ran(`red ${n}`, 'red'), ran(`green ${n}`, 'green')])],
    counts: { reds: 4, greens: 3 },
    judges: 'base',
    judgesChanged: [],
    flipped: ['tests/test_calc.py::test_add'],
    same: 11,
    notShown: ['no separate command was checked'],
    failures: [{ id: 'tests/test_calc.py::test_add', message: 'assert 3 == 4' }],
    suspects: ['calc.py:2 add'],
    sandbox: 'unshare (util-linux 2.38.1)',
    network: 'deny',
    variables: [],
    minimal: 'shown',
    patch:
      'diff --git a/calc.py b/calc.py\n--- a/calc.py\n+++ b/calc.py\n@@ -1,2 +1,2 @@\n def add(a, b):\n-    return a - b\n+    return a + b\n',
    warnings: [],
    ...more,
  }
}
