import test from 'ava'
import { type JudgeKind, judgeKindOf } from '../../../../src/engine/core/judges/judges-by-name.ts'

const table: readonly (readonly [JudgeKind | null, readonly string[]])[] = [
  [
    'test',
    [
      'test/a.js',
      'pkg/tests/data/in.json',
      'src/__tests__/x.ts',
      'spec/models/user_spec.rb',
      'testdata/golden.txt',
      'fixtures/in.json',
      'pkg/test-data/in.json',
      'src/__snapshots__/a.js.snap',
    ],
  ],
  [
    'test',
    [
      'test_a.py',
      'pkg/a_test.py',
      'app/tests.py',
      'a_test.go',
      'src/FooTest.java',
      'src/TestFoo.kt',
      'LoginIT.java',
      'FooTests.cs',
      'FooSpec.scala',
    ],
  ],
  [
    'test',
    [
      'a.test.ts',
      'a.spec.jsx',
      'a.test.mjs',
      'a-test.js',
      'a_test.mjs',
      'test-a.cjs',
      'test.js',
      'a_test.exs',
      'foo_unittest.cc',
      'x.bats',
      't/basic.t',
    ],
  ],
  [
    'config',
    [
      'conftest.py',
      'tests/conftest.py',
      'pytest.ini',
      'setup.cfg',
      'tox.ini',
      'pyproject.toml',
      'noxfile.py',
      '.coveragerc',
    ],
  ],
  [
    'config',
    [
      'package.json',
      'packages/a/package.json',
      'jest.config.js',
      'test/jest.setup.ts',
      'vitest.config.mts',
      '.mocharc.yml',
      'ava.config.js',
      'karma.conf.js',
      'tsconfig.test.json',
      '.nycrc',
      'codecov.yml',
    ],
  ],
  ['config', ['Makefile', 'Cargo.toml', 'pom.xml', 'build.gradle', 'CMakeLists.txt', 'phpunit.xml.dist', '.rspec']],
  [
    'config',
    [
      'sitecustomize.py',
      'src/usercustomize.py',
      'x.egg-info/entry_points.txt',
      'node_modules/ava/index.js',
      'a/__pycache__/b.cpython-311.pyc',
    ],
  ],
  ['ci', ['.github/workflows/ci.yml', '.gitlab-ci.yml', '.circleci/config.yml', 'Jenkinsfile']],
  ['policy', ['pp.yaml', 'sub/pp.yml', 'pp.json', '.worktreeinclude']],
  [
    null,
    [
      'src/a.ts',
      'src/latest.ts',
      'src/attest.py',
      'contest.go',
      'Latest.java',
      'AUDIT.java',
      'protests/a.ts',
      'latest/a.ts',
      'README.md',
      'src/manifest.json',
      'src/json.py',
    ],
  ],
]
for (const [judge, paths] of table)
  test(`${judge ?? 'product'}: ${paths.slice(0, 3).join(', ')} …`, (t) => {
    for (const path of paths) t.is(judgeKindOf(path, []), judge, path)
  })

test('a module that shadows a runner is a judge when it is new', (t) => {
  for (const path of [
    'pytest.py',
    'pytest.cpython-311.so',
    'src/unittest/__init__.py',
    'lib/nose2.py',
    'argparse.py',
    'bin/pytest',
    'node',
  ]) {
    t.is(judgeKindOf(path, [], { added: true }), 'config', path)
    t.not(judgeKindOf(path, [], { added: false }), 'config', path)
  }
  t.is(judgeKindOf('app/models/coverage.py', [], { added: true }), null)
  t.is(judgeKindOf('unittest/a.cc', [], { added: true }), null)
  t.is(judgeKindOf('app/re.py', [], { added: true }), null)
  t.is(judgeKindOf('src/node.ts', [], { added: true }), null)
})

test('patterns of the policy make further tests, but no configuration', (t) => {
  const patterns = [{ pattern: 'checks/', root: 'web', source: { from: 'default' } as const }]
  t.is(judgeKindOf('web/checks/a.ts', patterns), 'test')
  t.is(judgeKindOf('checks/a.ts', patterns), null)
  t.is(judgeKindOf('web/checks/package.json', patterns), 'config')
})
