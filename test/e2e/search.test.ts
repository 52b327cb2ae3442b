import test from 'ava'
import { CALC, PYTEST } from '../helpers/calc.ts'
import { pp } from '../helpers/pp.ts'
import { tempRepo } from '../helpers/repo.ts'

const RUNS = /^trace: sandbox, /gm
const TRIED = /tried ([\d,]+) candidates?/

/** Its right change stands behind many that hang, so that a run of the command for each would take minutes. */
const COUNT = {
  'count.py': `def total(n, step):
    found = 0
    while n > step:
        found += n
        n -= 1
    return found
`,
  'test_count.py':
    'from count import total\n\n\ndef test_total():\n    assert total(9, 3) == 9 + 6\n\n\ndef test_none():\n    assert total(0, 1) == 0\n',
}

test('a bug with many candidates that hang is mended in a few runs of the command, in the real sandbox', async (t) => {
  const repo = await tempRepo(t, COUNT)
  const { json, stderr } = await pp(repo, ['run', PYTEST, '--json'], { env: { PP_TRACE: '1' } })
  t.is(json.verdict, 'PROVED', json.reason)
  t.regex(String(json['patch']), /\+ {8}n -= step/)
  t.true((stderr.match(RUNS) ?? []).length < 20, stderr)
})

test('what passes only inside of the fast process is never proved, and the disagreement is told', async (t) => {
  // At its end, the command looks at the file, which a candidate in the fast process never changes.
  const repo = await tempRepo(t, {
    ...CALC,
    'conftest.py':
      'def pytest_sessionfinish(session, exitstatus):\n    if "a - b" not in open("calc.py").read():\n        session.exitstatus = 1\n',
  })
  const { json } = await pp(repo, ['run', PYTEST, '--json'], { env: { PP_LIMITS_SEARCH_SECONDS: '8' } })
  t.is(json.verdict, 'NOT_FIXED', json.reason)
  t.regex(String(json.reason), /; [1-9]\d* passed in one process, but not with the whole command/)
})

test('a candidate that spoils files of the tree leaves the others and the proof alone', async (t) => {
  const repo = await tempRepo(t, {
    'store.py':
      'import os\n\n\ndef clear(path, keep):\n    if keep == 0:\n        return 1\n    os.remove(path)\n    return 0\n',
    'data.txt': 'x\n',
    'test_store.py':
      'import os\nfrom store import clear\n\n\ndef test_keeps():\n    assert clear("data.txt", 1) == 1\n    assert os.path.exists("data.txt")\n\n\ndef test_keeps_none():\n    assert clear("data.txt", 0) == 1\n',
  })
  const { json } = await pp(repo, ['run', PYTEST, '--json'])
  t.is(json.verdict, 'PROVED', json.reason)
  t.notRegex(String(json['patch']), /data\.txt|test_store/)
})

test('without a way to take over its tests, a command runs as a whole for each candidate', async (t) => {
  const repo = await tempRepo(t, {
    'calc.py': CALC['calc.py'] ?? '',
    'check.py': 'from calc import add\nassert add(2, 3) == 5\n',
  })
  const { json } = await pp(repo, ['run', 'python3 check.py', '--json'])
  t.is(json.verdict, 'PROVED', json.reason)
  t.notRegex(String(json.reason), TRIED)
})

test('in a slow suite, the failing tests alone are run first for each candidate', async (t) => {
  // A failing test that starts a program of its own is not taken over by a process.
  const repo = await tempRepo(t, {
    'calc.py': CALC['calc.py'] ?? '',
    'test_calc.py':
      'import subprocess\nimport sys\nimport time\n\n\ndef test_add():\n    code = "from calc import add; assert add(2, 3) == 5"\n    assert subprocess.call([sys.executable, "-c", code]) == 0\n\n\ndef test_slow():\n    time.sleep(4)\n',
  })
  const { json, stderr } = await pp(repo, ['run', PYTEST, '--json'])
  t.is(json.verdict, 'PROVED', json.reason)
  t.regex(
    stderr,
    /search: [\d.]+ s a run: 60 s allow about \d+ candidates; the failing tests alone take [\d.]+ s: about/,
  )
})

test('a patch that only writes down what the test expects is shown and not proved, unless the user accepts it', async (t) => {
  const repo = await tempRepo(t, {
    'rate.py': 'def rate(n):\n    return 19 if n > 10 else 7\n',
    'test_rate.py':
      'from rate import rate\n\n\ndef test_high():\n    assert rate(11) == 20\n\n\ndef test_low():\n    assert rate(3) == 7\n',
  })
  const env = { PP_LIMITS_SEARCH_SECONDS: '30' }
  const { status, json } = await pp(repo, ['run', PYTEST, '--json'], { env })
  t.deepEqual([status, json.verdict], [1, 'NOT_FIXED'], json.reason)
  t.regex(String(json.reason), /^holds the expected value of the test: probably not a repair; /)
  t.regex(String(json['patch']), /^\+ {4}return 20 if n > 10 else 7$/m)
  const accepted = await pp(repo, ['run', PYTEST, '--accept-literal', '--json'], { env })
  t.is(accepted.json.verdict, 'PROVED', accepted.json.reason)
  t.regex(String(accepted.json.reason), /^holds the expected value of the test: probably not a repair; /)
})

test('tests of Node are tried in one process, too', async (t) => {
  const repo = await tempRepo(t, {
    'calc.js': 'exports.add = (a, b) => {\n  return a - b\n}\nexports.double = (a) => a * 2\n',
    'calc.test.js':
      "const test = require('node:test')\nconst assert = require('node:assert')\nconst { add, double } = require('./calc.js')\ntest('adds', () => assert.equal(add(2, 3), 5))\ntest('doubles', () => assert.equal(double(4), 8))\n",
  })
  const { json, stderr } = await pp(repo, ['run', 'node --test', '--json'])
  t.is(json.verdict, 'PROVED', json.reason)
  t.regex(stderr, /tried [\d,]+ candidates in one process, \d+ a second/)
  t.regex(String(json['patch']), /^\+ {2}return a \+ b$/m)
})
