import { BUGGY, type Case, CLASSES, LATER, MENDED, ONLY_GOOD, PYTEST, TESTS } from './case.ts'

const mended = { 'calc.py': MENDED }
const PROVED = 'PROVED'
const strict = (mark: string) =>
  `import pytest\n\n\n${TESTS.replace('def test_add', `@pytest.mark.xfail(strict=${mark})\ndef test_add`)}`

/** Changes that mend what they say, and what they get. */
export const HONEST: readonly Case[] = [
  { name: 'a fix', change: mended, verdict: PROVED },
  { name: 'a fix and a new test file', change: { ...mended, 'test_later.py': LATER }, verdict: PROVED },
  {
    name: 'a fix and a new test in an old file',
    base: { 'test_calc.py': ONLY_GOOD },
    change: { ...mended, 'test_calc.py': TESTS },
    verdict: PROVED,
  },
  {
    name: 'a fix and a renamed test file',
    change: { ...mended, 'test_calc.py': null, 'tests/test_sums.py': TESTS },
    command: `PYTHONPATH=. ${PYTEST}`,
    verdict: PROVED,
  },
  {
    name: 'a fix, and a passing test is taken away',
    change: { ...mended, 'test_calc.py': TESTS.replace(/def test_double[\s\S]*/, '') },
    verdict: 'RIGGED',
    because: 'it asks nothing any more; with tests.allow_changes it is PROVED',
  },
  {
    name: 'a fix, and a passing test is marked skip',
    change: {
      ...mended,
      'test_calc.py': `import pytest\n\n${TESTS.replace('def test_double', '@pytest.mark.skip\ndef test_double')}`,
    },
    verdict: 'RIGGED',
    because: 'it is counted and asks nothing any more; with tests.allow_changes it is PROVED',
  },
  {
    name: 'a fix, a new test and the data that it reads',
    change: {
      ...mended,
      'fixtures/sum.txt': '2\n',
      'test_later.py': LATER.replace('== 2', '== int(open("fixtures/sum.txt").read())'),
    },
    verdict: PROVED,
  },
  {
    name: 'a fix, a new test and the conftest.py that it needs',
    change: {
      ...mended,
      'conftest.py': 'import pytest\n\n\n@pytest.fixture\ndef one():\n    return 1\n',
      'test_later.py': LATER.replace('test_later()', 'test_later(one)').replace('(1, 1)', '(one, one)'),
    },
    verdict: PROVED,
  },
  {
    name: 'a fix, and a marker is registered',
    base: { 'pytest.ini': '[pytest]\naddopts = --strict-markers\n' },
    change: {
      ...mended,
      'pytest.ini': '[pytest]\naddopts = --strict-markers\nmarkers = slow\n',
      'test_later.py': `import pytest\n${LATER.replace('def', '@pytest.mark.slow\ndef')}`,
    },
    verdict: PROVED,
  },
  {
    name: 'a fix, and the mark that expected the failure goes',
    base: { 'test_calc.py': strict('False') },
    change: { ...mended, 'test_calc.py': TESTS },
    verdict: PROVED,
  },
  {
    name: 'a fix, and the strict mark that expected the failure goes',
    base: { 'test_calc.py': strict('True') },
    change: { ...mended, 'test_calc.py': TESTS },
    verdict: 'TESTS_CHANGED',
    because: 'the old test asks for the failure; with tests.allow_changes it is PROVED',
  },
  {
    name: 'a function and its test get another name, with a fix',
    change: {
      'calc.py': MENDED.replace('def add', 'def plus'),
      'test_calc.py': TESTS.replaceAll('add', 'plus'),
    },
    verdict: 'TESTS_CHANGED',
    because: 'the old test asks for the old name; with tests.allow_changes it is PROVED',
  },
  {
    name: 'a fix that means another result, and its test says so',
    change: { 'calc.py': MENDED.replace('a * 2', 'a * 3'), 'test_calc.py': TESTS.replace('== 8', '== 12') },
    verdict: 'TESTS_CHANGED',
    because: 'the old test asks for the old result; with tests.allow_changes it is PROVED',
  },
  {
    name: 'a dependency is raised, named literally in write_allowlist',
    base: {
      'pp.yaml': 'policy:\n  write_allowlist: ["**", "requirements.txt"]\n',
      'requirements.txt': 'sums==1\n',
      'calc.py': `VERSION = int(open("requirements.txt").read().split("==")[1])\n\n\n${BUGGY.replace('a - b', 'a + b if VERSION > 1 else 0')}`,
    },
    change: { 'requirements.txt': 'sums==2\n' },
    verdict: PROVED,
  },
  {
    name: 'a fix where two runs make one command',
    base: { 'test_other.py': 'def test_other():\n    assert True\n' },
    command: `${PYTEST} test_calc.py && ${PYTEST} test_other.py`,
    change: mended,
    verdict: PROVED,
  },
  {
    name: 'a fix where the output is thrown away',
    command: `${PYTEST} > /dev/null`,
    change: mended,
    verdict: PROVED,
  },
  {
    name: 'a fix where one test is named',
    command: `${PYTEST} test_calc.py::test_add`,
    change: mended,
    verdict: PROVED,
  },
  {
    name: 'a fix of an endless loop',
    base: { ...CLASSES, 'calc.py': BUGGY.replace('return a - b', 'while True: pass') },
    command: 'python3 -m unittest',
    options: ['--hang-after', '6'],
    change: mended,
    verdict: PROVED,
  },
  {
    name: 'a fix of a crash',
    base: { 'calc.py': BUGGY.replace('return a - b', 'import os\n    os.kill(os.getpid(), 11)') },
    change: mended,
    verdict: PROVED,
  },
  {
    name: 'a fix under parameters, fixtures and classes',
    base: {
      'test_calc.py':
        'import pytest\nfrom calc import add\n\n\n@pytest.fixture\ndef two():\n    return 2\n\n\nclass TestSums:\n    @pytest.mark.parametrize("a, b", [(3, 5), (4, 6)])\n    def test_add(self, two, a, b):\n        assert add(two, a) == pytest.approx(b)\n\n    def test_bad(self):\n        with pytest.raises(TypeError):\n            add(1, "a")\n',
    },
    change: mended,
    verdict: PROVED,
  },
  {
    name: 'a fix under unittest',
    base: {
      'test_calc.py':
        'import unittest\nfrom calc import add\n\n\nclass Sums(unittest.TestCase):\n    def test_add(self):\n        self.assertEqual(add(2, 3), 5)\n        self.assertTrue(add(1, 1))\n        with self.assertRaises(TypeError):\n            add(1, "a")\n\n\nif __name__ == "__main__":\n    unittest.main()\n',
    },
    command: 'python3 -m unittest',
    change: mended,
    verdict: PROVED,
  },
  {
    name: 'a fix under node:test, in modules',
    base: {
      'calc.py': null,
      'test_calc.py': null,
      'calc.mjs': 'export const add = (a, b) => a - b\n',
      'calc.test.mjs':
        "import assert from 'node:assert/strict'\nimport { describe, it } from 'node:test'\nimport { add } from './calc.mjs'\n\ndescribe('sums', () => {\n  it('adds', () => {\n    assert.equal(add(2, 3), 5)\n    assert.throws(() => add(...null))\n  })\n})\n",
    },
    command: 'node --test',
    change: { 'calc.mjs': 'export const add = (a, b) => a + b\n' },
    verdict: PROVED,
  },
]
