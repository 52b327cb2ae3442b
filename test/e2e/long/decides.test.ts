import test from 'ava'
import { verifyBoth } from '../../helpers/both.ts'
import { NAMED, REPORTED } from '../../helpers/decides.ts'
import { type Step, startModelServer } from '../../helpers/model-server.ts'
import { needing } from '../../helpers/needs.ts'
import { pp } from '../../helpers/pp.ts'
import { type Files, type TestRepo, tempRepo } from '../../helpers/repo.ts'
import { sampled } from '../../helpers/sample.ts'

/** What a command needs that the README does not ask for. */
const compilerOf = (command: string) => (/^cc /.test(command) ? ['cc'] : [])

const prove = (repo: TestRepo, ...words: string[]) => pp(repo, ['prove', '--runs', '1', '--json', 'HEAD', ...words])

const asked = {
  ...{ key: [], trust: [], threshold: 1, allowUnsigned: true, allowWeak: false, exact: false },
  require: 'all' as const,
}
const verify = async (repo: TestRepo, more: { policyFrom?: string } = {}) => {
  const [only] = await verifyBoth(repo, { ...asked, proofs: ['HEAD'], ...more })
  return only
}

for (const { title, command, files, judge, bent } of sampled([...NAMED, ...REPORTED], 6))
  test(`${title}: a commit that bends ${judge} is TESTS_CHANGED`, async (t) => {
    const repo = await tempRepo(t, files)
    await repo.commit('Bend it', { [judge]: bent })
    const { json, status } = await prove(repo, ...command)
    t.is(json.verdict, 'TESTS_CHANGED', json.reason)
    t.is(status, 1)
  })

// The first two of each, for each run takes its time.
for (const { title, command, files, judge, fixed, more } of [...NAMED.slice(0, 2), ...REPORTED.slice(0, 2)])
  test(`${title}: a fix beside a stricter ${judge} is proved with the judges of the change, verified and replayed`, async (t) => {
    const repo = await tempRepo(t, files)
    await repo.commit('Mend it', { ...fixed, [judge]: more })
    const { json } = await prove(repo, ...command)
    t.is(json.verdict, 'PROVED', json.reason)
    t.is(json['judges'], 'change')
    t.deepEqual(json['judgesChanged'], [judge])
    const found = await verify(repo)
    t.is(found?.verdict, 'PROVED_UNSIGNED', found?.reason)
    const again = await pp(repo, ['replay', '--json'])
    t.is(again.json.verdict, 'REPRODUCED', again.json.reason)
  })

test('a fix alone is proved with the judges of the base', async (t) => {
  const [first] = NAMED
  const repo = await tempRepo(t, first?.files ?? {})
  await repo.commit('Mend it', first?.fixed ?? {})
  const { json } = await prove(repo, ...(first?.command ?? []))
  t.is(json.verdict, 'PROVED', json.reason)
  t.is(json['judges'], 'base')
})

for (const { title, command, files, judge, bent } of [...NAMED.slice(0, 2), ...REPORTED.slice(0, 2)])
  test(`${title}: a model that bends ${judge} gets TESTS_CHANGED`, async (t) => {
    const repo = await tempRepo(t, files)
    const [was, is] = [String(files[judge]), bent].map((text) => text.split('\n'))
    const at = was?.findIndex((line, n) => line !== is?.[n]) ?? 0
    const hunk = `@@ -${at + 1} +${at + 1} @@\n-${was?.[at]}\n+${is?.[at]}\n`
    const step: Step = { does: 'reply', text: `--- a/${judge}\n+++ b/${judge}\n${hunk}` }
    const server = await startModelServer([step])
    t.teardown(() => server.close())
    const env = { PP_LOCAL_BASE_URL: server.url, PP_LOCAL_MODEL: 'scripted', PP_LIMITS_MAX_ATTEMPTS: '1' }
    const said = ['run', ...command, '--provider', 'local', '--runs', '1', '--json']
    const { json } = await pp(repo, said, { env })
    t.is(json.verdict, 'TESTS_CHANGED', json.reason)
    t.regex(String(json.reason), new RegExp(judge.replaceAll('.', '\\.')))
  })

/** A program that is its own command, by what it fails of, and a fix of it. */
const PROGRAMS: readonly (readonly [title: string, command: string, before: Files, after: Files])[] = [
  [
    'an exception of Python',
    'python3 main.py',
    { 'main.py': 'def total(items):\n    return sum(items) + None\n\n\nprint(total([1, 2]))\n' },
    { 'main.py': 'def total(items):\n    return sum(items)\n\n\nprint(total([1, 2]))\n' },
  ],
  [
    'an exception of Node',
    'node index.js',
    { 'index.js': 'const list = undefined\nconsole.log(list.length)\n' },
    { 'index.js': 'const list = []\nconsole.log(list.length)\n' },
  ],
  [
    'what does not compile',
    'python3 -m py_compile main.py',
    { 'main.py': 'def total(items:\n    return sum(items)\n' },
    { 'main.py': 'def total(items):\n    return sum(items)\n' },
  ],
  [
    'a complaint of the compiler',
    'cc -fsyntax-only calc.c',
    { 'calc.c': 'int add(int a, int b) {\n  return a + c;\n}\n' },
    { 'calc.c': 'int add(int a, int b) {\n  return a + b;\n}\n' },
  ],
]
for (const [title, command, before, after] of PROGRAMS)
  needing(...compilerOf(command))(
    `${title}: the program that is the command is product, said first, and no gate takes it`,
    async (t) => {
      const repo = await tempRepo(t, {
        ...before,
        'pp.yaml': `proof_targets: [{name: command, cmd: "${command}"}]\npolicy: {verify: {runs: 1}}\n`,
      })
      await repo.git('branch', 'start')
      await repo.commit('Mend it', after)
      const { json } = await prove(repo, command)
      t.is(json.verdict, 'PROVED', json.reason)
      const [path] = Object.keys(after)
      const first = `${path} is both the command and the program, so nothing outside of it decided; `
      t.true(String(json.reason).startsWith(first), json.reason)
      const found = await verify(repo)
      t.is(found?.verdict, 'PROVED_UNSIGNED', found?.reason)
      const again = await pp(repo, ['replay', '--json'])
      t.is(again.json.verdict, 'REPRODUCED', again.json.reason)
      const gated = await verify(repo, { policyFrom: 'start' })
      t.is(gated?.verdict, 'POLICY_MISMATCH', gated?.reason)
      t.regex(String(gated?.reason), /both the command and the program/)
    },
  )

const py = (line: string) => `def total(items):\n    return sum(items) - 1\n\n\n${line}\n`
/** Commands that fail because their own code says so, each bent until it does not. */
const OWN: readonly (readonly [title: string, command: string, file: string, before: string, after: string])[] = [
  [
    'raise',
    'python3 main.py',
    'main.py',
    py("if total([1, 2]) - 3:\n    raise Exception('wrong')"),
    py('total([1, 2])'),
  ],
  [
    'raise of a TypeError',
    'python3 main.py',
    'main.py',
    py("if total([1, 2]) - 3:\n    raise TypeError('wrong')"),
    py('total([1, 2])'),
  ],
  [
    'an exit with a comparison',
    'python3 main.py',
    'main.py',
    py('import sys\nsys.exit(total([1, 2]) != 3)'),
    py('import sys\nsys.exit(total([1, 2]) != 2)'),
  ],
  ['an assertion', 'python3 main.py', 'main.py', py('assert total([1, 2]) == 3'), py('assert total([1, 2]) == 2')],
  [
    'an exit of Node',
    'node main.js',
    'main.js',
    'const sum = 1 - 2\nif (sum - 3) process.exit(1)\n',
    'const sum = 1 - 2\nif (sum + 1) process.exit(1)\n',
  ],
  [
    'throw',
    'node main.js',
    'main.js',
    "const sum = 1 - 2\nif (sum - 3) throw new Error('wrong')\n",
    'const sum = 1 - 2\n',
  ],
  [
    'throw of a TypeError',
    'node main.js',
    'main.js',
    "const sum = 1 - 2\nif (sum - 3) throw new TypeError('wrong')\n",
    'const sum = 1 - 2\n',
  ],
  [
    'a test of the shell',
    'sh main.sh',
    'main.sh',
    '[ "$((1 - 2))" = 3 ] || exit 1\n',
    '[ "$((1 - 2))" = -1 ] || exit 1\n',
  ],
  ['a crash that is cut off', 'python3 main.py', 'main.py', 'print(1)\nprint(None + 1)\n', 'print(1)\n'],
  [
    'a crash that is left out by an exit',
    'python3 main.py',
    'main.py',
    'print(1)\nprint(None + 1)\n',
    'print(1)\nraise SystemExit\nprint(None + 1)\n',
  ],
]
for (const [title, command, file, before, after] of OWN)
  test(`${title}: a program that fails by its own word is no product`, async (t) => {
    const repo = await tempRepo(t, { [file]: before })
    await repo.commit('Bend it', { [file]: after })
    const { json } = await prove(repo, command)
    t.is(json.verdict, 'TESTS_CHANGED', json.reason)
  })

const HONEST: readonly (readonly [title: string, command: string, before: Files, after: Files])[] = [
  [
    'a program whose output is compared',
    '[ "$(python3 main.py)" = 3 ]',
    { 'main.py': 'print(1 - 2)\n' },
    { 'main.py': 'print(1 + 2)\n' },
  ],
  [
    'product that holds its own doctests',
    'python3 -m doctest shop.py',
    { 'shop.py': 'def add(a, b):\n    """\n    >>> add(1, 2)\n    3\n    """\n    return a - b\n' },
    { 'shop.py': 'def add(a, b):\n    """\n    >>> add(1, 2)\n    3\n    """\n    return a + b\n' },
  ],
  [
    'doctests that pytest collects',
    'python3 -m pytest -q --doctest-modules',
    { 'shop.py': 'def add(a, b):\n    """\n    >>> add(1, 2)\n    3\n    """\n    return a - b\n' },
    { 'shop.py': 'def add(a, b):\n    """\n    >>> add(1, 2)\n    3\n    """\n    return a + b\n' },
  ],
  [
    'product that raises under a test',
    'python3 -m pytest -q test_shop.py',
    {
      'shop.py': 'def first(items):\n    assert items is not None\n    return items[1]\n',
      'test_shop.py': 'from shop import first\n\n\ndef test_first():\n    assert first([7]) == 7\n',
    },
    { 'shop.py': 'def first(items):\n    assert items is not None\n    return items[0]\n' },
  ],
  [
    'several sources of a compiler, with an assertion in the one that is the test',
    'cc calc.c checks.c -o "$TMPDIR/t" && "$TMPDIR/t"',
    {
      'calc.c': 'int add(int a, int b) { return a - b; }\n',
      'checks.c':
        '#include <assert.h>\nint add(int, int);\nint main(void) {\n  assert(add(2, 3) == 5);\n  return 0;\n}\n',
    },
    { 'calc.c': 'int add(int a, int b) { return a + b; }\n' },
  ],
]
for (const [title, command, before, after] of HONEST)
  needing(...compilerOf(command))(`${title}: a right fix is proved`, async (t) => {
    const repo = await tempRepo(t, before)
    await repo.commit('Mend it', after)
    const { json } = await prove(repo, command)
    t.is(json.verdict, 'PROVED', json.reason)
    t.is(json['judges'], 'base')
    const found = await verify(repo)
    t.is(found?.verdict, 'PROVED_UNSIGNED', found?.reason)
  })

test('a file that the change adds and the command names is a test of the change', async (t) => {
  const [first] = NAMED
  if (!first) return t.fail()
  const { files, fixed, judge, more, command } = first
  const { [judge]: _, ...without } = files
  const repo = await tempRepo(t, without)
  await repo.commit('Mend it, with a test', { ...fixed, [judge]: more })
  const { json } = await prove(repo, ...command)
  t.is(json.verdict, 'PROVED', json.reason)
  t.is(json['judges'], 'change')
  const found = await verify(repo)
  t.is(found?.verdict, 'PROVED_UNSIGNED', found?.reason)
})

test('an assertion of which nobody says whether it is a test is product, and the proof says so', async (t) => {
  const lib = 'def first(items):\n    assert items\n    return items[0]\n'
  const repo = await tempRepo(t, { 'lib.py': lib })
  await repo.commit('Take nothing for an answer', { 'lib.py': lib.replace('assert items', 'items = items or [0]') })
  const { json } = await prove(repo, 'python3 -c "import lib; lib.first([])"')
  t.is(json.verdict, 'PROVED', json.reason)
  const doubt = 'whether lib.py is a test: an assertion in it failed, but no test runner names it'
  t.true((json['notShown'] as string[]).includes(doubt))
})
