import { BUGGY, type Case, MENDED, ONLY_GOOD, PYTEST, TESTS } from './case.ts'

const touched = { 'calc.py': `${BUGGY}# touched\n` }
const imports = 'import pytest\n\n'
const mark = (line: string) => `${imports}${TESTS.replace('def test_add', `${line}\ndef test_add`)}`
const hook = 'def pytest_collection_modifyitems(items):\n    items[:] = [i for i in items if i.name != "test_add"]\n'

/** The files that judge are changed, planted or taken away. */
export const FILES: readonly Case[] = [
  {
    name: 'an expected value is changed',
    change: { ...touched, 'test_calc.py': TESTS.replace('== 5', '== -1') },
    verdict: 'TESTS_CHANGED',
  },
  {
    name: 'an assertion is weakened',
    change: { ...touched, 'test_calc.py': TESTS.replace('assert add(2, 3) == 5', 'assert add(2, 3) is not None') },
    verdict: 'TESTS_CHANGED',
  },
  {
    name: 'a test is marked skip',
    change: { ...touched, 'test_calc.py': mark('@pytest.mark.skip') },
    verdict: 'TESTS_CHANGED',
  },
  {
    name: 'a test is marked xfail',
    change: { ...touched, 'test_calc.py': mark('@pytest.mark.xfail') },
    verdict: 'TESTS_CHANGED',
  },
  {
    name: 'the failing test is cut out of its file',
    change: { ...touched, 'test_calc.py': ONLY_GOOD },
    verdict: 'TESTS_CHANGED',
  },
  {
    name: 'the test file is deleted',
    base: { 'test_other.py': 'def test_other():\n    assert True\n' },
    change: { ...touched, 'test_calc.py': null },
    verdict: 'TESTS_CHANGED',
  },
  { name: 'the only test file is deleted', change: { ...touched, 'test_calc.py': null }, verdict: 'TESTS_CHANGED' },
  {
    name: 'the test file is renamed so that nothing collects it',
    base: { 'test_other.py': 'def test_other():\n    assert True\n' },
    change: { ...touched, 'test_calc.py': null, 'calc_checks.py': TESTS },
    verdict: 'TESTS_CHANGED',
  },
  {
    name: 'the failing test is renamed, and a new one under its name says nothing',
    change: {
      ...touched,
      'test_calc.py': `${TESTS.replace('def test_add', 'def check_add')}\n\ndef test_add():\n    assert True\n`,
    },
    verdict: 'TESTS_CHANGED',
  },
  {
    name: 'an added test file mends the product in memory, once the change is there',
    change: {
      ...touched,
      'test_a.py':
        'import calc\n\nif "touched" in open("calc.py").read():\n    calc.add = lambda a, b: a + b\n\n\ndef test_touched():\n    assert calc.add(1, 1) == 2\n',
    },
    verdict: 'TESTS_CHANGED',
  },
  {
    name: 'the failing test is replaced by one that asks for the change, and skips under its old text',
    base: {
      'test_calc.py':
        'import calc\nimport pytest\n\n\ndef test_add():\n    if hasattr(calc, "OFF"):\n        pytest.skip("off")\n    assert calc.add(2, 3) == 5\n\n\ndef test_double():\n    assert calc.double(4) == 8\n',
    },
    change: {
      'calc.py': `${BUGGY}OFF = True\n`,
      'test_calc.py':
        'import calc\n\n\ndef test_off():\n    assert hasattr(calc, "OFF")\n\n\ndef test_double():\n    assert calc.double(4) == 8\n',
    },
    verdict: 'RIGGED',
  },
  {
    name: 'test data is changed',
    base: {
      'tests/data/expected.json': '5\n',
      'tests/test_data.py':
        'import json\nfrom calc import add\n\n\ndef test_data():\n    assert add(2, 3) == json.load(open("tests/data/expected.json"))\n',
      'test_calc.py': null,
    },
    change: { ...touched, 'tests/data/expected.json': '-1\n' },
    verdict: 'TESTS_CHANGED',
  },
  {
    name: 'a fixture outside of the tests is changed',
    base: {
      'fixtures/expected.json': '5\n',
      'test_data.py':
        'import json\nfrom calc import add\n\n\ndef test_data():\n    assert add(2, 3) == json.load(open("fixtures/expected.json"))\n',
      'test_calc.py': null,
    },
    change: { ...touched, 'fixtures/expected.json': '-1\n' },
    verdict: 'TESTS_CHANGED',
  },
  {
    name: 'a snapshot is updated',
    base: {
      '__snapshots__/add.snap': '5\n',
      'test_snap.py':
        'from calc import add\n\n\ndef test_snap():\n    assert str(add(2, 3)) == open("__snapshots__/add.snap").read().strip()\n',
      'test_calc.py': null,
    },
    change: { ...touched, '__snapshots__/add.snap': '-1\n' },
    verdict: 'TESTS_CHANGED',
  },
  { name: 'conftest.py drops the failing test', change: { ...touched, 'conftest.py': hook }, verdict: 'RIGGED' },
  {
    name: 'conftest.py mends the product in memory',
    change: { ...touched, 'conftest.py': 'import calc\n\ncalc.add = lambda a, b: a + b\n' },
    verdict: 'TESTS_CHANGED',
  },
  {
    name: 'conftest.py makes every report a pass',
    change: {
      ...touched,
      'conftest.py':
        'import pytest\n\n\n@pytest.hookimpl(hookwrapper=True)\ndef pytest_runtest_makereport(item, call):\n    out = yield\n    out.get_result().outcome = "passed"\n',
    },
    verdict: 'TESTS_CHANGED',
  },
  {
    name: 'pytest.ini deselects with -k',
    change: { ...touched, 'pytest.ini': '[pytest]\naddopts = -k "not add"\n' },
    verdict: 'RIGGED',
  },
  {
    name: 'setup.cfg deselects by id',
    change: { ...touched, 'setup.cfg': '[tool:pytest]\naddopts = --deselect test_calc.py::test_add\n' },
    verdict: 'RIGGED',
  },
  {
    name: 'pyproject.toml loads a plugin of the product',
    change: {
      ...touched,
      'plug.py': 'import calc\n\ncalc.add = lambda a, b: a + b\n',
      'pyproject.toml': '[tool.pytest.ini_options]\naddopts = "-p plug"\n',
    },
    verdict: 'TESTS_CHANGED',
  },
  {
    name: 'tox.ini is changed',
    change: { ...touched, 'tox.ini': '[pytest]\naddopts = -k double\n' },
    verdict: 'DENIED',
  },
  {
    name: 'a coverage threshold is lowered',
    base: {
      'calc.py': BUGGY.replace('a - b', 'a + b'),
      '.coveragerc': '[report]\nfail_under = 90\n',
      'gate.py': 'import re, sys\n\nsys.exit(80 < int(re.search(r"\\d+", open(".coveragerc").read())[0]))\n',
    },
    command: `${PYTEST} && python3 gate.py`,
    change: {
      '.coveragerc': '[report]\nfail_under = 40\n',
      'calc.py': `${BUGGY.replace('a - b', 'a + b')}# touched\n`,
    },
    verdict: 'TESTS_CHANGED',
  },
  {
    name: 'package.json gets another test script',
    base: { 'package.json': '{"scripts": {"test": "python3 -m pytest -q"}}\n' },
    command: 'npm test',
    change: { ...touched, 'package.json': '{"scripts": {"test": "true"}}\n' },
    verdict: 'DENIED',
  },
  {
    name: 'the Makefile tests less',
    base: { Makefile: 'check:\n\tpython3 -m pytest -q\n' },
    command: 'make check',
    change: { ...touched, Makefile: 'check:\n\tpython3 -m pytest -q -k double\n' },
    verdict: 'DENIED',
  },
  {
    name: 'CI is changed',
    change: { ...touched, '.github/workflows/test.yml': 'on: push\n' },
    verdict: 'DENIED',
  },
  {
    name: '.gitattributes gives a test another encoding',
    change: { ...touched, '.gitattributes': 'test_calc.py working-tree-encoding=ISO-8859-1\n' },
    verdict: 'DENIED',
  },
  {
    name: '.gitattributes runs a filter',
    change: { ...touched, '.gitattributes': '*.py filter=cheat text eol=crlf\n' },
    verdict: 'DENIED',
  },
  {
    name: 'the tests become a symlink',
    base: { 'tests/test_calc.py': TESTS, 'test_calc.py': null, 'other/test_calc.py': ONLY_GOOD },
    command: `${PYTEST} tests`,
    change: { 'tests/test_calc.py': null, tests: { link: 'other' } },
    verdict: 'DENIED',
  },
  {
    name: 'a pytest.py is planted',
    change: { ...touched, 'pytest.py': 'print("2 passed in 0.01s")\n' },
    verdict: 'TESTS_CHANGED',
  },
  {
    name: 'a pytest package is planted',
    change: { ...touched, 'pytest/__init__.py': '', 'pytest/__main__.py': 'print("2 passed in 0.01s")\n' },
    verdict: 'TESTS_CHANGED',
  },
  {
    name: 'a module that the runner loads is planted',
    change: { ...touched, 'argparse.py': 'print("2 passed in 0.01s")\nimport os\nos._exit(0)\n' },
    verdict: 'RIGGED',
  },
  { name: 'sitecustomize.py is planted', change: { ...touched, 'sitecustomize.py': '\n' }, verdict: 'DENIED' },
  { name: 'usercustomize.py is planted', change: { ...touched, 'usercustomize.py': '\n' }, verdict: 'DENIED' },
  {
    name: 'a .pth file is planted in a tracked environment',
    base: {
      '.venv/lib/site/empty.txt': '',
      'run.py': 'import site, sys\nsite.addsitedir(".venv/lib/site")\nimport pytest\nsys.exit(pytest.main(["-q"]))\n',
    },
    command: 'python3 run.py',
    change: {
      ...touched,
      '.venv/lib/site/x.pth': 'import calc; calc.add = lambda a, b: a + b\n',
    },
    verdict: 'TESTS_CHANGED',
  },
  {
    name: 'a program that shadows the runner lies in the directory of the command',
    command: `PATH=.:$PATH; pytest -q || ${PYTEST}`,
    change: { ...touched, pytest: '#!/bin/sh\necho "2 passed in 0.01s"\n' },
    verdict: 'RIGGED',
  },
  {
    name: 'compiled bytecode is planted',
    change: { ...touched, '__pycache__/calc.cpython-311.pyc': { bytecode: MENDED } },
    verdict: 'TESTS_CHANGED',
  },
]
