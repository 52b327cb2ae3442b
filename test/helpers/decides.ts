import type { Files } from './repo.ts'

/** A project whose one test has a name that no convention knows: a bug, its fix, and an expectation that takes the bug for right. */
export interface Unconventional {
  readonly title: string
  readonly command: readonly string[]
  readonly files: Files
  /** The file that decides. */
  readonly judge: string
  readonly fixed: Files
  /** The same judge, asking for what the bug gives. */
  readonly bent: string
  /** Asks for more than before, and holds with the fix. */
  readonly more: string
}

const PY = { 'calc.py': 'def add(a, b):\n    return a - b\n' }
const PY_FIXED = { 'calc.py': 'def add(a, b):\n    return a + b\n' }
const JS = { 'index.js': 'exports.add = (a, b) => a - b\n', 'package.json': '{"name":"calc","version":"1.0.0"}\n' }
const JS_FIXED = { 'index.js': 'exports.add = (a, b) => a + b\n' }

const one = (
  title: string,
  command: readonly string[],
  [files, fixed]: readonly [Files, Files],
  judge: string,
  text: (sum: string) => string,
): Unconventional => ({
  title,
  command,
  files: { ...files, [judge]: text('5') },
  judge,
  fixed,
  bent: text('-1'),
  more: text('5').replace(/^(.*)\b5\b(.*)$/m, (line) => `${line}\n${line}`),
})

const nodeTest = (sum: string) =>
  `const test = require('node:test')\nconst assert = require('node:assert')\nconst { add } = require('./index.js')\n\ntest('adds', () => {\n  assert.equal(add(2, 3), ${sum})\n})\n`
const unittest = (sum: string) =>
  `import unittest\nfrom calc import add\n\n\nclass Sum(unittest.TestCase):\n    def test_add(self):\n        self.assertEqual(add(2, 3), ${sum})\n\n\nif __name__ == '__main__':\n    unittest.main()\n`
const pytest = (sum: string) => `from calc import add\n\n\ndef test_add():\n    assert add(2, 3) == ${sum}\n`
const shell = (sum: string) => `set -e\n[ "$(python3 -c 'import calc; print(calc.add(2, 3))')" = ${sum} ]\n`

/** Judges by the words of the command. */
export const NAMED: readonly Unconventional[] = [
  one('tests of node', ['node --test tests.mjs.js'], [JS, JS_FIXED], 'tests.mjs.js', nodeTest),
  one('a script of the shell', ['sh check.sh'], [PY, PY_FIXED], 'check.sh', shell),
  one('a script of Python', ['python3 unittests.py'], [PY, PY_FIXED], 'unittests.py', unittest),
  one('a module of Python', ['--', 'python3', '-m', 'unittest', 'unittests'], [PY, PY_FIXED], 'unittests.py', unittest),
  one('a file for pytest', ['python3 -m pytest -q checks.py'], [PY, PY_FIXED], 'checks.py', pytest),
  one(
    'what output is compared with',
    ['python3 -c "import calc; print(calc.add(2, 3))" | diff - wanted.txt'],
    [PY, PY_FIXED],
    'wanted.txt',
    (sum) => `${sum}\n`,
  ),
]

const patterns = { 'pytest.ini': '[pytest]\npython_files = *_checks.py\n' }
/** Judges by what the base's red run says. */
export const REPORTED: readonly Unconventional[] = [
  one(
    'a file that pytest finds',
    ['python3 -m pytest -q'],
    [{ ...PY, ...patterns }, PY_FIXED],
    'sum_checks.py',
    pytest,
  ),
  one(
    'a file that a package script names',
    ['npm run --silent proof'],
    [{ ...JS, 'package.json': '{"name":"calc","scripts":{"proof":"node --test proofs.js"}}\n' }, JS_FIXED],
    'proofs.js',
    nodeTest,
  ),
  one(
    'a module that unittest finds',
    ['python3 -m unittest discover -p "*_checks.py"'],
    [PY, PY_FIXED],
    'sum_checks.py',
    unittest,
  ),
  one(
    'a file that asserts while it is loaded',
    ['python3 -c "import proof"'],
    [PY, PY_FIXED],
    'proof.py',
    (sum) => `from calc import add\nassert add(2, 3) == ${sum}\n`,
  ),
]
