import type { PathRule } from '../../model/policy.ts'
import { configuresCi } from '../guard/index.ts'
import { denyMatcher, namesPattern } from '../paths/index.ts'

/**
 * The kinds of files that decide whether a change is good: tests, their configuration and runners, CI, the policy. null =
 * product.
 */
export type JudgeKind = 'test' | 'config' | 'ci' | 'policy'

export type ClassifyByName = (path: string, context?: { readonly added?: boolean }) => JudgeKind | null

/**
 * Test files by the conventions of their language: directories, then names. `policy.tests.patterns` can name what no
 * convention shows, such as tests inside product files (Rust, doctests) or directories with other names.
 */
const TESTS = namesPattern(`test/ tests/ __tests__/ spec/ specs/ e2e/ cypress/
  testdata/ test_data/ test-data/ fixtures/ __fixtures__/ golden/ goldens/ __snapshots__/ __mocks__/
  *.Tests/ *.Test/ *Tests.swift
  test_*.py *_test.py tests.py test.py
  *.test.*js *.test.*jsx *.test.*ts *.test.*tsx *.spec.*js *.spec.*jsx *.spec.*ts *.spec.*tsx *.cy.*js *.cy.*ts *.e2e.*ts
  *-test.js *-test.cjs *-test.mjs *-test.ts *-test.mts *-test.cts *_test.js *_test.cjs *_test.mjs *_test.ts
  test-*.js test-*.cjs test-*.mjs test-*.ts test.js test.cjs test.mjs test.ts
  *_test.go *_test.exs *_test.dart *_test.rb test_*.rb *_spec.rb *_test.clj* *_spec.lua *_test.lua *_test.rs
  *_test.c *_test.cc *_test.cpp *_test.cxx *_tests.cpp *_unittest.cc *_unittest.cpp test_*.c test_*.cc test_*.cpp
  *_test.ml test_*.ml *_test.jl *_test.zig *_test.php *.phpt *.t *.bats *_test.sh test-*.R test_*.R
  *.snap *.snapshot *.approved.*`)

/** Names with words separated by capitals, so case counts: FooTest.java is a test, latest.java is not. */
const CAPITAL_TESTS =
  /(?:^|\/)(?:Test[A-Z0-9_]\w*|\w*(?:Test|Tests|TestCase|Spec|Specs)|(?:\w*[a-z0-9_])?IT)\.(?:java|kts?|scala|groovy|cs|fs|vb|php|swift|hs|m|mm)$/

/**
 * Files that configure tests, decide which run, map names to code, or are the runner (tracked dependencies, compiled Python).
 * Each counts as a whole file.
 */
const CONFIG =
  namesPattern(`conftest.py pytest.ini .pytest.ini pytest.toml .pytest.toml setup.cfg tox.ini tox.toml pyproject.toml
  noxfile.py .coveragerc *.egg-info/ *.dist-info/
  package.json tsconfig*.json jsconfig*.json jest.config.* jest.setup.* jest-*.config.* jest.preset.* vitest.config.* vitest.setup.*
  vitest.workspace.* vite.config.* .mocharc* mocha.opts ava.config.* karma.conf.* .taprc jasmine.json .jasmine.json
  playwright.config.* cypress.config.* cypress.json wdio.*conf.* .testcaferc* nightwatch.conf.* .nycrc* nyc.config.* .c8rc*
  .babelrc* babel.config.* .swcrc angular.json nx.json project.json turbo.json lerna.json deno.json deno.jsonc bunfig.toml .npmrc
  stryker.conf* codecov.y*ml .codecov.y*ml .coveralls.yml
  Makefile GNUmakefile makefile.* *.mk justfile .justfile Taskfile.y*ml Taskfile.dist.y*ml
  Cargo.toml .cargo/ nextest.toml go.mod go.work CMakeLists.txt CMakePresets.json CTest*.cmake meson.build
  pom.xml build.gradle* settings.gradle* gradle.properties build.sbt testng.xml junit-platform.properties
  *.runsettings xunit.runner.json Directory.Build.* global.json *.xctestplan Package.swift
  phpunit.xml* phpunit.dist.xml codeception.yml .rspec Rakefile mix.exs dart_test.yaml rebar.config dune-project
  sitecustomize.py usercustomize.py __pycache__/ *.pyc
  node_modules/ site-packages/ dist-packages/ .venv/ venv/ .tox/ .yarn/ vendor/ _vendor/ third_party/ 3rdparty/
  bower_components/ Godeps/ Pods/ Carthage/`)

/**
 * Added files that would replace a runner or something that it loads, because Python or a shell looks for them here first. Of
 * the standard library, only names that no product would use are listed.
 */
const SHADOWS =
  /^(?:(?:.*\/)?(?:src|lib|python|tests?)\/)?(?:pytest|_pytest|pluggy|iniconfig|unittest|doctest|nose2?|coverage|hypothesis|behave|xdist|argparse|ast|contextlib|dataclasses|difflib|fnmatch|functools|importlib|inspect|linecache|pathlib|re|runpy|shlex|tempfile|tokenize|traceback|warnings)(?:\.(?:py|so|.*\.so|pyd)|\/.*\.(?:py|so|pyd))$/i
const RUNNERS =
  /(?:^|\/)(?:pytest|py\.test|python[\d.]*|coverage|tox|node|npm|npx|pnpm|yarn|bun|deno|jest|vitest|mocha|ava|tsx|go|cargo|make|sh|bash)$/

const POLICY = /(?:^|\/)(?:pp\.(?:ya?ml|json)|\.worktreeinclude)$/i

/**
 * How files are classified under a policy's `tests.patterns`. Order: policy, CI, configuration, tests. The same paths are asked
 * again for each tree of a session, so answers are kept.
 */
export function judgeClassifierOf(patterns: readonly PathRule[]): ClassifyByName {
  const named = denyMatcher(patterns)
  const known = { base: new Map<string, JudgeKind | null>(), added: new Map<string, JudgeKind | null>() }
  return (path, { added = false } = {}) => {
    const answers = added ? known.added : known.base
    const before = answers.get(path)
    if (before !== undefined) return before
    if (answers.size >= MOST_KNOWN) answers.clear()
    const kind = kindByName(path, added, named)
    answers.set(path, kind)
    return kind
  }
}

/** So many answers are kept. */
const MOST_KNOWN = 200_000

function kindByName(path: string, added: boolean, named: (path: string) => PathRule | null): JudgeKind | null {
  if (POLICY.test(path)) return 'policy'
  if (configuresCi(path)) return 'ci'
  if (CONFIG.test(path) || (added && (SHADOWS.test(path) || RUNNERS.test(path)))) return 'config'
  return TESTS.test(path) || CAPITAL_TESTS.test(path) || named(path) !== null ? 'test' : null
}

/** Whether one path is a judge, and of what kind. `context.added`: the base does not have it. */
export function judgeKindOf(
  path: string,
  patterns: readonly PathRule[],
  context?: { readonly added?: boolean },
): JudgeKind | null {
  return judgeClassifierOf(patterns)(path, context)
}
