import test from 'ava'
import * as fc from 'fast-check'
import { policyText } from '../../../../src/engine/core/init/policy-text.ts'
import type { ProjectSurvey } from '../../../../src/engine/core/init/project-survey.ts'
import { suggestPolicy } from '../../../../src/engine/core/init/suggest-policy.ts'
import { allowMatcher } from '../../../../src/engine/core/paths/globs.ts'
import { parsePolicy } from '../../../../src/engine/core/policy/parse-policy.ts'

/** A project of these files; `beside`: what dependency directories hold. */
function project(files: Readonly<Record<string, string>>, beside: readonly string[] = []): ProjectSurvey {
  return {
    files: Object.keys(files).sort(),
    text: (path) => files[path] ?? null,
    installed: (path) => beside.find((one) => one === path || one.endsWith(`../${path}`)) ?? null,
  }
}

const packageJson = (test: string, more: object = {}, scripts: object = {}) =>
  JSON.stringify({ scripts: { ...scripts, test }, ...more })

const RECOGNISED: readonly (readonly [what: string, survey: ProjectSurvey, runner: string, cmd: string])[] = [
  ['pytest.ini', project({ 'pytest.ini': '[pytest]\n', 'test_a.py': '' }), 'pytest', 'python3 -m pytest -q'],
  [
    'a section of pyproject.toml, with a source directory that nothing puts on the path',
    project({ 'pyproject.toml': '[tool.pytest.ini_options]\n', 'src/a/__init__.py': '', 'tests/test_a.py': '' }),
    'pytest',
    'PYTHONPATH=src python3 -m pytest -q',
  ],
  [
    'a source directory that is on the path already',
    project({
      'pyproject.toml': '[tool.pytest.ini_options]\npythonpath = ["src"]\n',
      'src/a/__init__.py': '',
      'tests/test_a.py': '',
    }),
    'pytest',
    'python3 -m pytest -q',
  ],
  [
    'bare test functions and a virtual environment with pytest',
    project({ 'a.py': '', 'test_a.py': 'def test_a():\n    pass\n' }, ['.venv/bin/pytest']),
    'pytest',
    '.venv/bin/python -m pytest -q',
  ],
  [
    'tests of unittest beside the code',
    project({ 'a.py': '', 'test_a.py': 'import unittest\nclass T(unittest.TestCase):\n    def test_a(self): ...\n' }),
    'unittest',
    'python3 -m unittest -v',
  ],
  [
    'tests of unittest in a directory that is no package',
    project({ 'a.py': '', 'tests/test_a.py': 'import unittest\n' }),
    'unittest',
    'python3 -m unittest discover -v -s tests',
  ],
  [
    'tests of unittest in a package',
    project({ 'a.py': '', 'tests/__init__.py': '', 'tests/test_a.py': 'import unittest\n' }),
    'unittest',
    'python3 -m unittest discover -v -s tests -t .',
  ],
  ['node --test', project({ 'package.json': packageJson('node --test'), 'test/a.js': '' }), 'node:test', 'node --test'],
  [
    'node:test without a script',
    project({ 'package.json': '{}', 'a.test.js': "import test from 'node:test'" }),
    'node:test',
    'node --test',
  ],
  [
    'a runner among linters',
    project({ 'package.json': packageJson('xo && ava && tsd'), 'test/a.js': '' }, ['node_modules/.bin/ava']),
    'ava',
    'node_modules/.bin/ava',
  ],
  [
    'a runner of the directory above',
    project({ 'package.json': packageJson('mocha -u tdd'), 'test/a.js': '' }, ['../../node_modules/.bin/mocha']),
    'mocha',
    '../../node_modules/.bin/mocha -u tdd',
  ],
  [
    'coverage around a script that calls another one',
    project({
      'package.json': packageJson(
        'c8 --all --include a.js npm run unit && npm run types',
        {},
        { unit: 'tape "test/*.js"', types: 'tsc --noEmit' },
      ),
      'test/a.js': '',
    }),
    'tape',
    'npx --no-install tape "test/*.js"',
  ],
  [
    'a build before the tests stays',
    project({ 'package.json': packageJson('tsc && node --test dist'), 'test/a.ts': '' }, ['node_modules/.bin/tsc']),
    'node:test',
    'node_modules/.bin/tsc && node --test dist',
  ],
  [
    'a pipe, whose last program would decide the status',
    project({ 'package.json': packageJson('tape test/*.js | tap-spec'), 'test/a.js': '' }),
    'tape',
    'npx --no-install tape test/*.js',
  ],
  [
    'variables of cross-env',
    project({ 'package.json': packageJson('cross-env NODE_ENV=test jest --coverage'), 'a.test.js': '' }),
    'jest',
    'NODE_ENV=test npx --no-install jest --verbose',
  ],
  [
    'vitest, which would watch',
    project({ 'package.json': packageJson('vitest'), 'a.test.ts': '' }, ['node_modules/.bin/vitest']),
    'vitest',
    'node_modules/.bin/vitest run',
  ],
  [
    'a dependency where no script says anything',
    project({
      'package.json': packageJson('echo "Error: no test specified" && exit 1', { devDependencies: { vitest: '4' } }),
      'a.test.ts': '',
    }),
    'vitest',
    'npx --no-install vitest run',
  ],
  [
    'a script that nobody knows',
    project({ 'package.json': packageJson('./check.sh'), 'check.sh': '' }),
    'npm',
    'npm test',
  ],
  [
    'scripts that call each other in a circle',
    project({ 'package.json': packageJson('npm run a', {}, { a: 'npm test' }) }),
    'npm',
    'npm test',
  ],
  ['Go', project({ 'go.mod': 'module a\n', 'a_test.go': '' }), 'go test', 'go test ./...'],
  ['Cargo', project({ 'Cargo.toml': '', 'src/lib.rs': '' }), 'cargo', 'cargo test --offline'],
  ['Maven', project({ 'pom.xml': '', 'src/test/java/ATest.java': '' }), 'maven', 'mvn -o -q test'],
  [
    'Gradle by its wrapper',
    project({ gradlew: '', 'build.gradle': '', 'src/test/java/ATest.java': '' }),
    'gradle',
    './gradlew --offline test',
  ],
  ['a Makefile and nothing else', project({ Makefile: 'check: all\n\t./run\n' }), 'make', 'make -s check'],
]

for (const [what, survey, runner, cmd] of RECOGNISED) {
  test(`recognised: ${what}`, (t) => {
    const { main } = suggestPolicy(survey)
    t.is(main?.runner, runner)
    t.is(main?.cmd, cmd)
  })
}

test('a project without tests that anybody knows gets a policy without a target', (t) => {
  const text = policyText(suggestPolicy(project({ 'a.py': '', 'README.md': '' })))
  const parsed = parsePolicy(text, { file: 'pp.yaml', format: 'yaml' })
  t.true(parsed.ok)
  if (parsed.ok) t.is(parsed.value.proof_targets, undefined)
})

test('of two ecosystems the one with more tests is the target, the other one a comment', (t) => {
  const files = {
    'package.json': packageJson('node --test'),
    'a.test.js': '',
    'test_a.py': 'def test_a(): ...',
    'test_b.py': '',
  }
  const suggestion = suggestPolicy(project(files))
  t.is(suggestion.main?.runner, 'pytest')
  const text = policyText(suggestion)
  t.regex(text, /^ {2}# - \{name: node-test, cmd: "node --test"\}$/m)
})

test('sources and tests may be written; CI, vendored code and build output may not', (t) => {
  const files = [
    'a.py',
    'src/b/c.py',
    'tests/test_a.py',
    'tests/data.json',
    'docs/x.md',
    '.github/a.py',
    'vendor/v.go',
    'dist/a.js',
  ]
  const { writable } = suggestPolicy(project(Object.fromEntries(files.map((file) => [file, '']))))
  t.deepEqual(writable, ['*.py', 'src/**', 'tests/**'])
})

test('a test file that only the command names is a judge', (t) => {
  const { judges } = suggestPolicy(
    project({ 'package.json': packageJson('mocha checks.js'), 'checks.js': '', 'a.js': '' }),
  )
  t.deepEqual(judges, ['checks.js'])
})

test('linters that the test script runs are suggested as separate commands', (t) => {
  const text = policyText(suggestPolicy(project({ 'package.json': packageJson('xo && ava'), 'test/a.js': '' })))
  t.regex(text, /^ {4}# {3}- \{name: lint, cmd: "npx --no-install xo"\}$/m)
})

test('every comment that offers a line offers a valid one', (t) => {
  const text = policyText(
    suggestPolicy(
      project({ 'package.json': packageJson('xo && ava'), 'test/a.js': '', 'go.mod': '', 'a_test.go': '' }),
    ),
  )
  // What is explained starts with a capital; what is offered with a key, a list item or an inner comment.
  const open = text.replaceAll(
    /^( *)#( +)(?=[a-z_]+:(?: |$)|- |#|(?: +)- )/gm,
    (_, before: string, after: string) => before + after.slice(1),
  )
  const parsed = parsePolicy(open, { file: 'pp.yaml', format: 'yaml' })
  if (!parsed.ok) return t.fail(`${parsed.problems[0]?.message}\n${open}`)
  const { policy, provider, proof_targets: targets } = parsed.value
  t.is(targets?.length, 2)
  t.deepEqual([provider, policy?.env?.allow, policy?.sandbox?.backend], [['search'], ['DATABASE_URL'], 'auto'])
  t.is(policy?.limits?.max_patch_bytes, 200_000)
  t.truthy(policy?.allowed_commands)
  t.truthy(policy?.tests?.patterns)
  t.truthy(policy?.verify?.also)
  t.is(policy?.worktree?.setup, 'npm install --no-package-lock')
})

test('whatever files are called, the policy can be read and allows exactly its own directories', (t) => {
  const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }).map((text) => text.replaceAll(/[/\0]/g, '_'))
  fc.assert(
    fc.property(fc.array(name, { maxLength: 6 }), (names) => {
      const dirs = names.filter((one) => one !== '.' && one !== '..')
      const files = Object.fromEntries(
        dirs.flatMap((dir) => [
          [`${dir}/a.py`, ''],
          [`${dir}/test_a.py`, 'def test_a(): ...'],
        ]),
      )
      const parsed = parsePolicy(policyText(suggestPolicy(project(files))), { file: 'pp.yaml', format: 'yaml' })
      if (!parsed.ok) throw new Error(parsed.problems[0]?.message)
      const globs = parsed.value.policy?.write_allowlist ?? []
      const allowed = allowMatcher(
        globs.map((pattern) => ({ pattern, root: '', source: { from: 'default' as const } })),
      )
      return allowed('elsewhere in the tree/a.py') === null && globs.length <= dirs.length
    }),
    { numRuns: 300 },
  )
  t.pass()
})
