import test from 'ava'
import { utf8Bytes } from '../../../../src/engine/core/bytes/canonical.ts'
import { changedTests } from '../../../../src/engine/core/record/changed-tests.ts'
import type { TestReport } from '../../../../src/engine/model/evidence.ts'
import type { Repro } from '../../../../src/engine/model/proof.ts'

const report = (ids: readonly string[], named = true): TestReport => ({
  runner: 'pytest',
  counts: { passed: ids.length, failed: 0, errors: 0, skipped: 0 },
  tests: ids.map((id) => ({ id, outcome: 'passed' })),
  named,
})

/** What changes between the base's own tests and those of a change to `tests/test_a.py`. */
function changed(old: TestReport | null, now: TestReport) {
  const stream = { bytes: 0, sha256: '0'.repeat(64), truncated: false, redactions: 0 }
  const evidence = {
    ...{
      target: 'unit',
      on: 'green',
      tree: '1'.repeat(40),
      ended: { how: 'exited', code: 0 },
      reading: { is: 'green' },
    },
    ...{ startedAt: '', durationMs: 1, stdout: stream, stderr: stream, tests: old, judgesTouched: [] },
  }
  const files = new Map([['verification/judges_of_base/unit/evidence.json', utf8Bytes(JSON.stringify(evidence))]])
  const repro = { tests: [{ target: 'unit', report: now }], judgesChanged: ['tests/test_a.py'] } as unknown as Repro
  return changedTests({ files: old === null ? new Map() : files }, repro)
}

test('a test that the base does not have is added; one that it has may be edited where its file is', (t) => {
  const now = report(['tests/test_a.py::test_new', 'tests/test_a.py::test_old', 'tests/test_b.py::test_far'])
  t.deepEqual(changed(report(['tests/test_a.py::test_old', 'tests/test_b.py::test_far']), now), [
    { id: 'tests/test_a.py::test_new', is: 'added' },
    { id: 'tests/test_a.py::test_old', is: 'in a changed file' },
  ])
})

test('without a list of the base by name nothing is said to be added', (t) => {
  const now = report(['tests/test_a.py::test_new', 'tests/test_a.pyx::test_x'])
  const where = [{ id: 'tests/test_a.py::test_new', is: 'in a changed file' }]
  t.deepEqual(changed(null, now), where as ReturnType<typeof changed>)
  t.deepEqual(changed(report([], false), now), where as ReturnType<typeof changed>)
})
