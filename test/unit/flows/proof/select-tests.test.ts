import test from 'ava'
import pytest from '../../../../src/engine/evidence/runners/pytest.ts'
import { selectedCommand } from '../../../../src/engine/flows/proof/select-tests.ts'
import { sessionOf } from '../../../support/fakes.ts'
import { execution } from '../../evidence/recorded.ts'

/** The command for the failing tests of a red run, or why there is none. */
async function selected(shell: string, ...ids: readonly string[]) {
  const base = { 'calc.py': '', 'tests/test_a.py': '', 'tests/test_b.py': '' }
  const { session } = await sessionOf({ base })
  const tests = ids.map((id) => ({ id, outcome: 'failed' as const }))
  const counts = { passed: 0, failed: ids.length, errors: 0, skipped: 0 }
  return selectedCommand(session, {
    ...{ target: { name: 'unit', command: { shell }, cwd: '' }, execution: execution('', 1), runner: pytest },
    ...{
      tests: { runner: 'pytest', counts, tests, named: true },
      reading: { is: 'red', reason: '', failing: [...ids] },
    },
    ...{ listed: null, reruns: [], insteadOf: new Map(), headline: '', judgesTouched: new Map() },
    ...{ judgesFree: [], judgesMoved: [], judgesPlanted: [], judgesRefused: [] },
  })
}

const many = (file: string) => Array.from({ length: 60 }, (_, at) => `${file}::test_${at}`)

test('a few failing tests are selected by name', async (t) => {
  t.deepEqual(await selected('pytest -q', 'tests/test_a.py::test_one', 'tests/test_b.py::test_two'), {
    shell: "pytest -q -k 'test_one or test_two'",
  })
})

test('more than a hundred are selected by their files', async (t) => {
  t.deepEqual(await selected('pytest -q', ...many('tests/test_a.py'), ...many('tests/test_b.py')), {
    shell: "pytest -q -k 'test_a.py or test_b.py'",
  })
})

test('why they cannot be selected is said', async (t) => {
  const inNoFile = many('gone/test_c.py')
  t.is(await selected('pytest -q'), 'no test runner says which tests fail')
  t.is(
    await selected('make test', 'tests/test_a.py::test_one'),
    'git pp cannot make pytest select the failing tests in this command',
  )
  t.is(
    await selected('pytest -q', ...inNoFile, ...many('gone/test_d.py')),
    '120 tests fail, which are too many to name, and their files cannot be selected',
  )
})
