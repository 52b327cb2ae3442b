import test from 'ava'
import jest from '../../../src/engine/evidence/runners/jest.ts'
import mocha from '../../../src/engine/evidence/runners/mocha.ts'
import pytest from '../../../src/engine/evidence/runners/pytest.ts'
import vitest from '../../../src/engine/evidence/runners/vitest.ts'
import { ids, recorded } from './recorded.ts'

const twice = [
  { id: 'test_a.py::test_flaky', times: 2 },
  { id: 'test_a.py::test_never', times: 3 },
]

for (const name of ['pytest-reruns-v', 'pytest-reruns-rR', 'pytest-reruns-xdist'])
  test(`${name}: tests that were run again, by name`, (t) => {
    const found = [...pytest.reruns(recorded(name).text)]
    t.deepEqual(
      found.sort((a, b) => String(a.id).localeCompare(String(b.id))),
      twice,
    )
    t.like(pytest.read(recorded(name).text), { counts: { passed: 2, failed: 1, errors: 0, skipped: 0 } })
  })

test('pytest -q counts reruns without names', (t) => {
  t.deepEqual(pytest.reruns(recorded('pytest-reruns-q').text), [{ id: null, times: 5 }])
  t.deepEqual(pytest.reruns(recorded('pytest-q').text), [])
})

test('vitest names them in its verbose report, and the ids stay as they are', (t) => {
  t.deepEqual(vitest.reruns(recorded('vitest4-retry').text), [
    { id: 'r/v.test.js > flaky', times: 2 },
    { id: 'r/v.test.js > never', times: 2 },
    { id: 'r/v.test.js > s > flaky two', times: 1 },
  ])
  t.deepEqual(ids(vitest.read(recorded('vitest4-retry').text), 'passed'), [
    'r/v.test.js > flaky',
    'r/v.test.js > s > flaky two',
    'r/v.test.js > good',
  ])
})

test('jest names them as JSON, and where errors before a retry are logged', (t) => {
  t.deepEqual(jest.reruns(recorded('jest30-retry').text), [
    { id: 'r/j2.test.js > flaky', times: 2 },
    { id: 'r/j2.test.js > never', times: 3 },
    { id: 'r/j2.test.js > s > flaky two', times: 1 },
  ])
  t.deepEqual(jest.reruns(recorded('jest30-retry-json').text), [
    { id: 'r/j.test.js > flaky', times: 2 },
    { id: 'r/j.test.js > never', times: 3 },
    { id: 'r/j.test.js > s > flaky two', times: 1 },
  ])
  t.deepEqual(jest.reruns(recorded('jest30-verbose').text), [])
})

test('mocha names them in its reports for machines', (t) => {
  for (const name of ['mocha11-retry', 'mocha11-retry-json'])
    t.deepEqual(mocha.reruns(recorded(name).text), [
      { id: 's flaky', times: 2 },
      { id: 's never', times: 3 },
    ])
})
