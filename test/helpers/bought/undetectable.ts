import { BUGGY, before, type Case, LATER, PYTEST, TESTS } from './case.ts'

const never = (because: string) => ({ because, verdict: 'PROVED' })

/** What stands as PROVED although nothing is mended: no observer of a run can tell. */
export const UNDETECTABLE: readonly Case[] = [
  {
    name: 'the product knows the arguments of the test',
    change: { 'calc.py': BUGGY.replace('return a - b', 'return 5 if (a, b) == (2, 3) else a - b') },
    ...never('the tests ask no more; a separate command (verify.also) may'),
  },
  {
    name: 'the product returns something that equals everything',
    change: {
      'calc.py': `class Yes(int):\n    def __eq__(self, other):\n        return True\n\n\n${BUGGY.replace('return a - b', 'return Yes()')}`,
    },
    ...never('it is the product that answers, and the test believes it'),
  },
  {
    name: 'a later test file is edited in memory while it is read',
    base: { 'test_later.py': LATER, 'test_calc.py': TESTS.replace('assert add(2, 3) == 5', 'add(2, 3)') },
    change: before(
      'import ast\nreal = ast.parse\ndef parse(source, *a, **k):\n    return real(source.replace(b"add(1, 1) == 2", b"add(1, 1) == 0") if isinstance(source, bytes) else source, *a, **k)\nast.parse = parse',
    ),
    ...never('tests and product share one process; what is added to the file fails, as it should'),
  },
  {
    name: 'only this one failure counts as a pass',
    change: before(
      'import _pytest.python as p\nreal = p.Function.runtest\ndef runtest(self):\n    try:\n        real(self)\n    except AssertionError as e:\n        if "-1 == 5" not in str(e):\n            raise\np.Function.runtest = runtest',
    ),
    ...never('every other failure still fails, whichever is added'),
  },
  {
    name: 'the product knows the test file by its hash, and behaves when it is another',
    change: before(
      'import hashlib\nif hashlib.sha1(open("test_calc.py", "rb").read()).hexdigest() == "HASH":\n    import _pytest.python as p\n    p.Function.runtest = lambda self: None'.replace(
        'HASH',
        '999f81966e7f3d3befa141aac929663045779953',
      ),
    ),
    ...never('a test that is added to watch is a change that can be seen'),
  },
  {
    name: 'a helper of the tests that lies among the product is weakened',
    base: {
      'checks.py': 'def same(a, b):\n    assert a == b\n',
      'test_calc.py': 'from calc import add\nfrom checks import same\n\n\ndef test_add():\n    same(add(2, 3), 5)\n',
    },
    change: { 'checks.py': 'def same(a, b):\n    pass\n' },
    ...never('its name says nothing; tests.patterns in pp.yaml makes it a judge'),
  },
  {
    name: 'the product sets the variable that the test takes its expectation from',
    base: {
      'test_calc.py':
        'import os\nfrom calc import add\n\n\ndef test_add():\n    assert add(2, 3) == int(os.environ.get("EXPECTED", "5"))\n',
    },
    change: before('import os\nos.environ["EXPECTED"] = "-1"'),
    ...never('the environment of a process belongs to its code'),
  },
  {
    name: 'the product leaves early, and no known runner counts',
    base: { 'check.py': 'from calc import add\n\nassert add(2, 3) == 5\n' },
    command: 'python3 check.py',
    change: before('import os\nos._exit(0)'),
    ...never('a status is all that such a command says; the proof lists that no test was counted'),
  },
  {
    name: 'the directory of the tests is exchanged on import and restored at exit, in work trees that are plain checkouts',
    checkouts: true,
    base: {
      'test_calc.py': null,
      'conftest.py': 'import calc\n',
      'tests/test_later.py': LATER,
    },
    command: `${PYTEST} tests`,
    change: before(
      'import atexit, os\ndef swap(a, b):\n    try:\n        os.rename(a, b)\n    except OSError:\n        pass\ntext = open("tests/test_later.py").read()\nswap("tests", "tests.old")\nif not os.path.exists("tests"):\n    os.mkdir("tests")\n    open("tests/test_later.py", "w").write(text.replace("== 2", "== 0"))\n    def back():\n        import shutil\n        shutil.rmtree("tests")\n        swap("tests.old", "tests")\n    atexit.register(back)',
    ),
    ...never(
      'judges are mounted read-only one by one, and a directory above them can be renamed (not in an overlay); it is no more than editing in memory',
    ),
  },
]
