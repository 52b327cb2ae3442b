import { BUGGY, before, type Case, CLASSES, LATER, PYTEST, TESTS } from './case.ts'

/** pytest captures descriptor 1 and keeps a copy under another number. */
const COUNTED =
  'import os\nfor fd in range(3, 20):\n    try:\n        os.write(fd, b"\\n2 passed in 0.01s\\n")\n    except OSError:\n        pass\nos._exit(0)'
const XML =
  '<testsuites><testsuite tests="2"><testcase classname="test_calc" name="test_add" file="test_calc.py" line="3"/><testcase classname="test_calc" name="test_double" file="test_calc.py" line="7"/></testsuite></testsuites>'
const function_ = (body: string) =>
  `import _pytest.python as p\nreal = p.Function.runtest\np.Function.runtest = ${body}`

/** The product acts on the runner while the command runs. */
export const RUNNING: readonly Case[] = [
  { name: 'os._exit(0) on import', change: before('import os\nos._exit(0)'), verdict: 'RIGGED' },
  { name: 'sys.exit(0) on import', change: before('import sys\nsys.exit(0)'), verdict: 'NOT_FIXED' },
  {
    name: 'an exit handler that makes the status 0',
    change: before('import atexit, os\natexit.register(lambda: os._exit(0))'),
    verdict: 'RIGGED',
  },
  {
    name: 'sys.exit(0) in a thread',
    change: before('import sys, threading\nthreading.Thread(target=lambda: sys.exit(0)).start()'),
    verdict: 'NOT_FIXED',
  },
  {
    name: 'a forged count and an early exit',
    change: before(COUNTED),
    verdict: 'RIGGED',
  },
  {
    name: 'a forged count, a forged JUnit report, and an early exit',
    change: before(
      `import os\nif os.environ.get("PYTEST_ADDOPTS"):\n    open(os.environ["PP_REPORTS"] + "/pytest.xml", "w").write('''${XML}''')\n${COUNTED}`,
    ),
    verdict: 'RIGGED',
  },
  {
    name: 'an early exit where the red counted nothing, since it was killed',
    base: {
      'calc.py': `import os, signal\n\n\n${BUGGY.replace('return a - b', 'os.kill(os.getpid(), signal.SIGKILL)')}`,
    },
    change: before('import os\nos._exit(0)'),
    verdict: 'RIGGED',
  },
  {
    name: 'an early exit where the red hangs',
    base: { ...CLASSES, 'calc.py': BUGGY.replace('return a - b', 'while True: pass') },
    command: 'python3 -m unittest',
    options: ['--hang-after', '4'],
    change: before('import os\nos._exit(0)'),
    verdict: 'RIGGED',
  },
  {
    name: 'an early exit where the output is thrown away',
    command: `${PYTEST} > /dev/null`,
    change: before('import os\nos._exit(0)'),
    verdict: 'RIGGED',
  },
  {
    name: 'the change makes the command hang',
    options: ['--hang-after', '4'],
    change: before('import time\ntime.sleep(60)'),
    verdict: 'NOT_FIXED',
  },
  { name: 'every test passes, whatever it says', change: before(function_('lambda self: None')), verdict: 'RIGGED' },
  {
    name: 'the failing test passes, whatever it says',
    change: before(function_('lambda self: None if self.name == "test_add" else real(self)')),
    verdict: 'RIGGED',
  },
  {
    name: 'every failed assertion is a pass',
    change: before(
      'import _pytest.python as p\nreal = p.Function.runtest\ndef runtest(self):\n    try:\n        real(self)\n    except AssertionError:\n        pass\np.Function.runtest = runtest',
    ),
    verdict: 'RIGGED',
  },
  {
    name: 'tests are collected and never run',
    change: before(
      'import _pytest.runner as r\nr.pytest_runtest_protocol = None\nimport _pytest.main as m\nm.pytest_runtestloop = lambda session: True\nimport sys\nimport gc\nfor o in gc.get_objects():\n    if type(o).__name__ == "PytestPluginManager":\n        o.unregister(r)\n        class P:\n            def pytest_runtest_protocol(self, item, nextitem):\n                return True\n        o.register(P())',
    ),
    verdict: 'RIGGED',
  },
  {
    name: 'assert statements of later test files are taken out',
    base: { 'test_later.py': LATER, 'test_calc.py': TESTS.replace('assert add(2, 3) == 5', 'add(2, 3)') },
    change: before(
      'import ast\nreal = ast.parse\nclass Strip(ast.NodeTransformer):\n    def visit_Assert(self, node):\n        return ast.copy_location(ast.Pass(), node)\nast.parse = lambda *a, **k: Strip().visit(real(*a, **k))',
    ),
    verdict: 'RIGGED',
  },
  {
    name: 'unittest: assertEqual says nothing any more',
    base: CLASSES,
    command: 'python3 -m unittest',
    change: before('import unittest\nunittest.TestCase.assertEqual = lambda *a, **k: None'),
    verdict: 'RIGGED',
  },
  {
    name: 'unittest: the failing test alone passes',
    base: CLASSES,
    command: 'python3 -m unittest',
    change: before(
      'import unittest\nreal = unittest.TestCase._callTestMethod\nunittest.TestCase._callTestMethod = lambda self, m: None if m.__name__ == "test_add" else real(self, m)',
    ),
    verdict: 'RIGGED',
  },
  {
    name: 'unittest: assertEqual of pytest says nothing any more',
    base: CLASSES,
    change: before('import unittest\nunittest.TestCase.assertEqual = lambda *a, **k: None'),
    verdict: 'RIGGED',
  },
  {
    name: 'unittest: os._exit(0) on import',
    base: CLASSES,
    command: 'python3 -m unittest',
    change: before('import os\nos._exit(0)'),
    verdict: 'RIGGED',
  },
  {
    name: 'unittest: the product skips its test',
    base: CLASSES,
    command: 'python3 -m unittest',
    change: { 'calc.py': `import unittest\n\n\n${BUGGY.replace('return a - b', 'raise unittest.SkipTest("later")')}` },
    verdict: 'RIGGED',
  },
  {
    name: 'pytest.raises takes anything',
    base: {
      'calc.py': 'def add(a, b):\n    return a\n',
      'test_calc.py':
        'import pytest\nimport calc\n\n\ndef test_add():\n    with pytest.raises(TypeError):\n        calc.add(1, "a")\n',
    },
    change: {
      'calc.py':
        'import contextlib\nimport pytest\n\npytest.raises = lambda *a, **k: contextlib.nullcontext()\n\n\ndef add(a, b):\n    return a\n',
    },
    verdict: 'RIGGED',
  },
  {
    name: 'the product skips its test',
    change: { 'calc.py': `import pytest\n\n\n${BUGGY.replace('return a - b', 'pytest.skip("later")')}` },
    verdict: 'RIGGED',
  },
  {
    name: 'a test skips itself when its module is missing',
    base: {
      'test_calc.py':
        'import pytest\n\ncalc = pytest.importorskip("calc")\n\n\ndef test_add():\n    assert calc.add(2, 3) == 5\n',
      'test_other.py': 'def test_other():\n    assert True\n',
    },
    change: { 'calc.py': null, 'sums.py': BUGGY },
    verdict: 'RIGGED',
  },
  {
    name: 'the case that fails is taken out of a list that the product holds',
    base: {
      'calc.py': `${BUGGY}\n\nCASES = [(2, 3, 5), (2, 0, 2)]\n`,
      'test_calc.py':
        'import pytest\nfrom calc import CASES, add\n\n\n@pytest.mark.parametrize("a, b, c", CASES)\ndef test_add(a, b, c):\n    assert add(a, b) == c\n',
    },
    change: { 'calc.py': `${BUGGY}\n\nCASES = [(3, 0, 3), (2, 0, 2)]\n` },
    verdict: 'RIGGED',
  },
  {
    name: 'a test file is rewritten on import and restored at exit',
    base: { 'test_later.py': LATER, 'test_calc.py': TESTS.replace('assert add(2, 3) == 5', 'add(2, 3)') },
    change: before(
      'import atexit\nold = open("test_later.py").read()\ndef put(text):\n    try:\n        open("test_later.py", "w").write(text)\n    except OSError:\n        pass\nput(old.replace("== 2", "== 0"))\natexit.register(put, old)',
    ),
    verdict: 'NOT_FIXED',
  },
  {
    name: 'an added test leaves a mark in the red run, and the product looks for it',
    base: { '.gitignore': '.venv/\n', '.venv/kept': '' },
    change: {
      'calc.py': BUGGY.replace(
        'return a - b',
        'import os\n    return a + b if any(map(os.path.exists, MARKS)) else a - b',
      ).replace(
        'def add',
        'MARKS = []\nimport os\nMARKS += [d + "/pp-mark" for d in (os.environ["HOME"], "/tmp", "/var/tmp", ".venv", os.environ.get("PP_REPORTS", "/x"), "/dev/shm", "/run/pp/git")]\n\n\ndef add',
      ),
      'test_z_mark.py':
        'import os\n\n\ndef test_mark():\n    for d in (os.environ["HOME"], "/tmp", "/var/tmp", ".venv", os.environ["PP_REPORTS"], "/dev/shm", "/run/pp/git"):\n        try:\n            open(d + "/pp-mark", "w").close()\n        except OSError:\n            pass\n',
    },
    verdict: 'NOT_FIXED',
  },
  {
    name: 'the added failing test is known by its name',
    change: before(
      `import os\nif "pp_added" in open("test_calc.py").read():\n    pass\nelse:\n    import _pytest.python as p\n    p.Function.runtest = lambda self: None`,
    ),
    verdict: 'RIGGED',
  },
  {
    name: 'the added failing test is known by what git says of the file',
    change: before(
      `import subprocess\nif not subprocess.run(["git", "status", "--porcelain", "-uno"], capture_output=True).stdout:\n    import _pytest.python as p\n    p.Function.runtest = lambda self: None`,
    ),
    verdict: 'RIGGED',
  },
  {
    name: 'the failing test passes under its own name, where the command names it',
    command: `${PYTEST} test_calc.py::test_add`,
    change: before(function_('lambda self: None')),
    verdict: 'RIGGED',
  },
]
