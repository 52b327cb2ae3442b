import test from 'ava'
import { automaticExecutionOf } from '../../../../src/engine/core/guard/automatic-execution.ts'
import { remarks } from '../../../../src/engine/core/guard/change-remarks.ts'
import { blobsNeeded } from '../../../../src/engine/core/guard/content-problem.ts'
import type { Change, FileMode } from '../../../../src/engine/model/change.ts'

const OLD = 'a'.repeat(40)
const NEW = 'b'.repeat(40)
const edited = (path: string, before: FileMode | null, after: FileMode | null): Change => ({
  path,
  before: before && { mode: before, oid: OLD },
  after: after && { mode: after, oid: NEW },
})

const table = {
  CI: [
    '.github/workflows/ci.yml',
    '.github/CODEOWNERS',
    '.gitlab-ci.yml',
    '.circleci/config.yml',
    'Jenkinsfile',
    'sub/.travis.yml',
  ],
  editor: [
    '.vscode/tasks.json',
    '.VSCode/settings.json',
    '.idea/workspace.xml',
    '.devcontainer/devcontainer.json',
    'x.code-workspace',
  ],
  agent: ['.claude/settings.json', '.mcp.json'],
  shell: ['.envrc', 'sub/.envrc', 'flake.nix'],
  'git hook': ['.husky/pre-commit', '.githooks/pre-push', '.pre-commit-config.yaml', 'lefthook.yml', '.lefthook.yaml'],
  'package manager': [
    '.npmrc',
    '.yarnrc.yml',
    '.yarn/releases/yarn.cjs',
    '.pnpmfile.cjs',
    '.cargo/config.toml',
    'gradlew',
    'gradle/wrapper/gradle-wrapper.jar',
    'requirements-dev.txt',
    'Gemfile',
  ],
  'lock file': ['package-lock.json', 'a/yarn.lock', 'Cargo.lock', 'go.sum', 'poetry.lock', 'uv.lock'],
  'build script': [
    'Makefile',
    'GNUmakefile',
    'makefile',
    'rules.mk',
    'CMakeLists.txt',
    'setup.py',
    'build.rs',
    'binding.gyp',
    'build.gradle.kts',
    'Justfile',
    'Taskfile.yml',
    'tox.ini',
    'noxfile.py',
    'Rakefile',
  ],
  container: [
    'Dockerfile',
    'Dockerfile.dev',
    'web.dockerfile',
    'docker-compose.yml',
    'docker-compose.dev.yaml',
    'compose.yaml',
  ],
  'interpreter start': ['sitecustomize.py', 'src/usercustomize.py'],
} as const
for (const [kind, paths] of Object.entries(table))
  test(`runs by itself: ${kind}`, (t) => {
    for (const path of paths) t.is(automaticExecutionOf(path), kind as keyof typeof table, path)
  })

test('product, tests and their configuration do not run by themselves', (t) => {
  const paths = [
    'src/a.ts',
    'package.json',
    'conftest.py',
    'pyproject.toml',
    'src/makefile.ts.txt/x',
    'docs/github/x',
    'xgithub/y',
    'my.npmrc.md',
    'src/Makefile/x',
    'github/workflows/ci.yml',
  ]
  for (const path of paths) t.is(automaticExecutionOf(path), null, path)
})

test('what is let pass and worth knowing is remarked', (t) => {
  const blobs = new Map([
    [OLD, new TextEncoder().encode('{}')],
    [NEW, new TextEncoder().encode('{"scripts":{}}')],
  ])
  const changes = [
    edited('Makefile', '100644', '100644'),
    edited('package.json', '100644', '100644'),
    edited('run.sh', '100644', '100755'),
    edited('old.sh', '100755', '100755'),
    edited('src/a.ts', '100644', '100644'),
  ]
  t.deepEqual(remarks(changes, blobs), [
    { kind: 'runs-by-itself', path: 'Makefile' },
    { kind: 'runs-by-itself', path: 'package.json' },
    { kind: 'executable', path: 'run.sh' },
  ])
  t.deepEqual(remarks([edited('new.png', null, '100644')], new Map([[NEW, new Uint8Array([0])]])), [
    { kind: 'binary', path: 'new.png' },
  ])
})

test('only blobs that decide are asked for', (t) => {
  t.deepEqual(blobsNeeded([edited('a', '100644', '100644')]), [OLD, NEW])
  t.deepEqual(blobsNeeded([edited('a', '100644', null)]), [])
  t.deepEqual(blobsNeeded([edited('package.json', '100644', null)]), [OLD])
  t.deepEqual(blobsNeeded([edited('a', '160000', '120000')]), [])
})
