import { before, type Case, MENDED, PYTEST, type Tree } from './case.ts'

const rigged = { verdict: 'RIGGED' }
const base: Tree = {
  'test_calc.py': null,
  'a/test_a.py': 'import calc\n\n\ndef test_a():\n    assert calc.double(4) == 8\n',
  'b/test_b.py': 'import calc\n\n\ndef test_b():\n    assert calc.add(2, 3) == 5\n',
}
const command = `export PYTHONPATH=. PYTHONDONTWRITEBYTECODE=1; ${PYTEST} a && ${PYTEST} b`
const MUTE = 'import calc\\ncalc.add = lambda a, b: 5\\n'
const plants = (...files: readonly (readonly [string, string])[]): Tree =>
  before(files.map(([path, text]) => `open("${path}", "w").write("${text}")`).join('\n'))
const RULES = '[pytest]\\npython_files = none.py test_later.py\\n'

/** Files that the first program of a command leaves for the second one. */
export const PLANTED: readonly Case[] = [
  {
    name: 'a conftest.py is left for the next program of the command',
    base,
    command,
    change: plants(['b/conftest.py', MUTE]),
    ...rigged,
  },
  {
    name: 'a configuration and a test are left for the next program',
    base,
    command,
    change: plants(['b/pytest.ini', RULES], ['b/test_later.py', 'def test_b(): pass\\n']),
    ...rigged,
  },
  {
    name: 'a conftest.py is left with a .gitignore that hides it',
    base,
    command,
    change: plants(['b/conftest.py', MUTE], ['b/.gitignore', '*\\n']),
    ...rigged,
  },
  {
    name: 'a conftest.py is left that the change makes git ignore',
    base,
    command,
    change: { ...plants(['b/conftest.py', MUTE]), '.gitignore': 'conftest.py\n' },
    ...rigged,
  },
  {
    name: 'a package.json is left that turns a test into another kind of module',
    base: {
      'calc.py': null,
      'test_calc.py': null,
      'calc.js': 'exports.add = (a, b) => a - b\n',
      'a/a.test.js': "require('../calc.js')\n",
      'b/b.test.js':
        "const strict = typeof require === 'function'\nimport('node:test').then(({ test }) => test('adds', async () => { const { add } = (await import('../calc.js')).default; if (strict && add(2, 3) !== 5) throw new Error('differs') }))\n",
    },
    command: 'node --test a && node --test b',
    change: {
      'calc.js':
        "require('node:fs').writeFileSync(__dirname + '/b/package.json', '{\"type\": \"module\"}')\nexports.add = (a, b) => a - b\n",
    },
    ...rigged,
  },
]

const fix = { 'calc.py': MENDED }
const leaves = (path: string) =>
  `import calc\n\n\ndef test_add():\n    open("${path}", "w").write("x")\n    assert calc.add(2, 3) == 5\n`

/** Runs that leave something, and files that nothing reads. */
export const PLANTED_HONEST: readonly Case[] = [
  {
    name: 'a fix where a run leaves a file that git ignores',
    base: { '.gitignore': '*.log\n', 'test_calc.py': leaves('run.log') },
    change: fix,
    verdict: 'PROVED',
  },
  {
    name: 'a fix with which a test gets far enough to leave data',
    base: {
      'test_calc.py':
        'import calc\n\n\ndef test_add():\n    assert calc.add(2, 3) == 5\n    open("test_report.json", "w").write("x")\n',
    },
    change: fix,
    verdict: 'PROVED',
  },
  {
    name: 'a fix with which the command writes tests into a directory that git ignores',
    base: {
      '.gitignore': 'build/\n',
      'test_calc.py':
        'import calc, os\n\n\ndef test_add():\n    assert calc.add(2, 3) == 5\n    os.makedirs("build", exist_ok=True)\n    open("build/test_made.py", "w").write("")\n',
    },
    change: fix,
    verdict: 'PROVED',
  },
  {
    name: 'a fix and a page of documentation',
    base: { 'docs/sums.md': 'x\n' },
    change: { ...fix, 'docs/sums.md': 'y\n' },
    verdict: 'PROVED',
  },
  {
    name: 'a fix beside files that an editor or an agent runs by itself',
    change: { ...fix, '.gdbinit': '#\n', 'AGENTS.md': '#\n', 'config.nims': '#\n' },
    verdict: 'DENIED',
    because: 'such a file has to be named by its path',
  },
]
