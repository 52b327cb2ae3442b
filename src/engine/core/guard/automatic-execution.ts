import { namesPattern } from '../paths/index.ts'

/** Why a file runs although nobody asks for it by name. */
export type AutomaticExecution =
  | 'CI'
  | 'editor'
  | 'agent'
  | 'shell'
  | 'git hook'
  | 'package manager'
  | 'lock file'
  | 'build script'
  | 'container'
  | 'interpreter start'

/** 'dir/' = everything in a directory of that name; else a file name; at any depth, whatever the case; `*` inside a name. */
const NAMES: Readonly<Record<AutomaticExecution, string>> = {
  CI: `.github/ .gitlab/ .gitlab-ci.yml .circleci/ .travis.yml .buildkite/ .drone.yml .woodpecker.yml .woodpecker/ .cirrus.yml
    .semaphore/ .teamcity/ .tekton/ .forgejo/ .gitea/ .builds/ .build.yml .azure-pipelines/ azure-pipelines*.yml
    bitbucket-pipelines.yml appveyor.yml .appveyor.yml Jenkinsfile* buildspec*.yml cloudbuild.y*ml codefresh.yml wercker.yml
    netlify.toml vercel.json`,
  editor: `.vscode/ .idea/ .fleet/ .zed/ .vs/ *.code-workspace .exrc .nvimrc .nvim.lua .vimrc .dir-locals*.el .lvimrc
    .gdbinit .lldbinit .ycm_extra_conf.py .vim/ .nvim/ .emacs.d/ .devcontainer/ .devcontainer.json devcontainer.json .gitpod.yml .gitpod.Dockerfile .ona/`,
  agent: `.claude/ .cursor/ .cursorrules .codex/ .gemini/ .aider* .aider*/ .mcp.json .windsurf/ .windsurfrules .roo/ .roorules* .clinerules/
    .clinerules* .continue/ .opencode/ opencode.json* .kiro/ .junie/ .goosehints`,
  shell: '.envrc .mise.toml mise.toml .mise/ .rtx.toml .autoenv.zsh flake.nix shell.nix default.nix devenv.nix',
  'git hook': `.husky/ .githooks/ .git-hooks/ .lefthook/ lefthook*.y*ml .lefthook*.y*ml lefthook*.toml .pre-commit-config.y*ml
    .pre-commit-hooks.y*ml prek.toml .overcommit.yml .simple-git-hooks.* simple-git-hooks.* .lintstagedrc* lint-staged.config.*
    .huskyrc* huskyrc.*`,
  'package manager': `.pnp.cjs .pnp.js .pnp.loader.mjs rust-toolchain rust-toolchain.toml .npmrc .yarnrc* .yarn/ .pnpmfile.* pnpm-workspace.yaml bunfig.toml .bowerrc .cargo/ pip.conf .pypirc
    .mvn/ mvnw mvnw.cmd gradlew gradlew.bat gradle/wrapper/ .bundle/ .condarc environment.y*ml composer.json Gemfile *.gemspec
    Podfile Brewfile Pipfile requirements*.txt constraints*.txt nuget.config`,
  'lock file': `package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock bun.lockb deno.lock poetry.lock
    Pipfile.lock uv.lock pdm.lock pixi.lock Cargo.lock go.sum go.work.sum Gemfile.lock composer.lock mix.lock rebar.lock
    flake.lock gradle.lockfile buildscript-gradle.lockfile packages.lock.json pubspec.lock Podfile.lock
    Package.resolved Cartfile.resolved conan.lock cabal.project.freeze stack.yaml.lock Manifest.toml renv.lock
    MODULE.bazel.lock .terraform.lock.hcl`,
  'build script': `Makefile GNUmakefile *.mk makefile.* CMakeLists.txt *.cmake CMakePresets.json meson.build configure configure.ac
    SConstruct SConscript wscript setup.py hatch_build.py Setup.hs Setup.lhs build.rs buildSrc/ project/*.sbt project/*.scala
    config.nims *.nims tools/bazel MODULE.bazel binding.gyp *.gyp *.gypi build.gradle* settings.gradle* init.gradle*
    Rakefile *.rake gulpfile.* Gruntfile.* Jakefile* justfile .justfile Taskfile.y*ml Taskfile.dist.y*ml tox.ini
    noxfile.py dodo.py .bazelrc WORKSPACE WORKSPACE.bazel build.zig build.sbt magefile.go Makefile.PL Build.PL`,
  container: `Dockerfile* *.Dockerfile Containerfile* docker-compose*.y*ml compose.y*ml compose.*.y*ml docker-bake.* Vagrantfile
    Procfile* skaffold.yaml Tiltfile`,
  'interpreter start': 'sitecustomize.py usercustomize.py .pythonrc* .irbrc .pryrc .Rprofile .Renviron',
}

const CI = namesPattern(NAMES.CI)
// CI comes first, so that what is its file is never called anything else.
const KINDS = Object.entries(NAMES).map(([kind, names]) => ({
  kind: kind as AutomaticExecution,
  pattern: namesPattern(names),
}))

/**
 * Names the reason why a file runs, or decides what runs, although nobody calls it: when an editor opens, a directory is
 * entered, or something is installed, committed, built or pushed. Null for all other files. conftest.py and test
 * configuration are not included: they run with the tests and are judges. For package.json its sections decide, see
 * `packageScripts`.
 */
export function automaticExecutionOf(path: string): AutomaticExecution | null {
  return KINDS.find(({ pattern }) => pattern.test(path))?.kind ?? null
}

/** The same for one question that is asked about every path of a tree. */
export function configuresCi(path: string): boolean {
  return CI.test(path)
}

/** Keys of package.json that only describe a package; every other key can make something run, or decides what is installed. */
const HARMLESS = new Set(
  `name version description keywords author contributors maintainers license licenses homepage bugs repository funding private
  files main module browser type types typings exports imports sideEffects unpkg jsdelivr man`.split(/\s+/),
)

/** The keys of package.json that differ between two versions and can make something run; null if a version cannot be read. */
export function packageKeys(before: Uint8Array | null, after: Uint8Array | null): string[] | null {
  const was = before === null ? {} : object(before)
  const is = after === null ? {} : object(after)
  if (was === null || is === null) return null
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (key) => !HARMLESS.has(key) && JSON.stringify(was[key]) !== JSON.stringify(is[key]),
  )
}

function object(bytes: Uint8Array): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}
