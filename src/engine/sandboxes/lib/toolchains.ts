import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import { isInside, splitWords } from './find-tools.ts'
import type { Mount, PathInspector } from './mount.ts'

/** Homes of version managers and toolchains: the whole directory is shown when PATH names something in it. */
const TOOLCHAINS = [
  '.asdf .bun .deno .dotnet .fnm .gem .ghcup .goenv .jenv .jbang .nodenv .npm-global .nvm .pyenv .phpenv',
  '.rbenv .rvm .rustup .sdkman .tfenv .volta .yarn .opam .juliaup anaconda3 mambaforge micromamba',
  'miniconda3 miniforge3 .local/pipx .local/share/fnm .local/share/mise .local/share/pipx .local/share/pnpm',
  '.local/share/uv',
].flatMap(splitWords)

/** What belongs to a `bin` directory that PATH names. */
const BESIDE_BIN = ['include', 'lib', 'lib64', 'libexec', 'pyvenv.cfg', 'share']

/** What a directory on PATH needs from elsewhere under home. */
const COMPANIONS: Readonly<Record<string, readonly string[]>> = {
  '.cargo/bin': ['.rustup'],
  '.local/bin': ['.local/lib', ...TOOLCHAINS.filter((dir) => dir.startsWith('.local/'))],
}

/**
 * Of homes that a variable names, the parts that are shown in place of all: what lies beside them is private, or is written by
 * the tool itself.
 */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  CARGO_HOME: ['bin', 'registry', 'git'],
  GOPATH: ['bin', 'pkg/mod'],
}

/** Downloads of package tools, read-only. Not go-build or gradle's build cache: they hold results of tests. */
const CACHES = [
  '.cache/pip .cache/uv .npm/_cacache .cache/yarn .local/share/pnpm/store .cache/pypoetry .cache/puppeteer',
  '.cache/ms-playwright .cargo/registry .cargo/git go/pkg/mod .nuget/packages .bundle/cache .hex .mix',
].flatMap(splitWords)

/** The same for the JVM's tools, which give up when they cannot write a lock file there. */
const JVM_CACHES = ['.m2/repository', '.m2/wrapper', '.gradle/caches/modules-2', '.gradle/wrapper', '.ivy2/cache']

/** Masked wherever a shown directory would bring them along. */
const CREDENTIALS = [
  '.aws .azure .bundle/config .cargo/credentials .cargo/credentials.toml .config/gcloud .config/gh',
  '.config/git/credentials .config/hub .config/op .docker .gem/credentials .git-credentials .gnupg',
  '.gradle/gradle.properties .hex/hex.config .kube .m2/settings.xml .m2/settings-security.xml .netrc .npmrc',
  '.nuget/NuGet/NuGet.Config .pgpass .pypirc .ssh .terraform.d .vault-token .yarnrc.yml',
  '.local/share/keyrings .password-store _netrc',
].flatMap(splitWords)

export interface ToolchainPaths {
  /** Directories of programs: PATH, and where its symlinks lead. */
  readonly programs: readonly string[]
  readonly home: string
  readonly checkout: string
  /** Variables of the caller that name toolchains, and the directories that they name; HOME is not among them. */
  readonly named: Readonly<Record<string, string>>
  /** Shown anyway. */
  readonly system: readonly string[]
  /** True: the tree is built by a tool of the JVM; its caches are writable layers, which cost each run two processes. */
  readonly jvm: boolean
}

/** What of home, /opt and elsewhere has to be seen for the programs on PATH to run, and caches of what they download. */
export function toolchains(
  { programs, named, home, checkout, system, jvm }: ToolchainPaths,
  look: PathInspector,
): readonly Mount[] {
  const own = (dir: string) => isInside(dir, checkout) && !isInside(home, checkout)
  const wanted = programs.filter((dir) => isAbsolute(dir) && !own(resolve(dir))).map((dir) => resolve(dir))
  const dirs = wanted.flatMap((dir) => (isInside(dir, home) ? underHome(dir, home) : elsewhere(dir, system)))
  const shown = new Map<string, Mount>()
  const show = (path: string, layered = false) => {
    const real = look(path)?.real
    if (!real || [path, real].some((place) => isTooMuch(place, home, checkout))) return
    // At its own place and, where a symlink led there, at the place that the program itself will name.
    for (const at of new Set([path, real])) {
      if (system.some((dir) => isInside(at, dir)) || (at !== path && isInside(at, checkout))) continue
      shown.set(
        at,
        layered ? { is: 'layer', from: real, at, caches: [] } : { is: 'bind', from: real, at, writable: false },
      )
    }
  }
  for (const dir of dirs) show(dir)
  for (const dir of homesOf(named, look).filter((one) => !own(one))) show(dir)
  for (const dir of CACHES) show(join(home, dir))
  for (const dir of JVM_CACHES) show(join(home, dir), jvm)
  return [...shown.values(), ...masks([...shown.keys()], home, look)]
}

/** Where the variables point there are toolchains, wherever HOME is; one that is no absolute path of a directory names none. */
function homesOf(named: Readonly<Record<string, string>>, look: PathInspector): readonly string[] {
  return Object.entries(named).flatMap(([name, value]) =>
    value
      .split(':')
      .filter((dir) => isAbsolute(dir) && dirname(dir) !== '/' && look(resolve(dir)) !== null)
      .flatMap((dir) => (PARTS[name] ?? ['.']).map((part) => join(resolve(dir), part))),
  )
}

/** Never a directory that holds home or the checkout, nor what holds credentials only. */
function isTooMuch(path: string, home: string, checkout: string): boolean {
  return (
    isInside(home, path) || isInside(checkout, path) || CREDENTIALS.some((secret) => isInside(path, join(home, secret)))
  )
}

function underHome(dir: string, home: string): readonly string[] {
  const toolchain = TOOLCHAINS.map((name) => join(home, name)).find((top) => isInside(dir, top))
  if (toolchain !== undefined) return [toolchain]
  const companions = Object.entries(COMPANIONS).find(([name]) => dir === join(home, name))?.[1] ?? []
  const own = companions.length > 0 || dirname(dir) === home ? [dir] : withBeside(dir)
  return [...own, ...companions.map((name) => join(home, name))]
}

function elsewhere(dir: string, system: readonly string[]): readonly string[] {
  if (system.some((top) => isInside(dir, top))) return []
  const toolchain = TOOLCHAINS.find((name) => dir.includes(`/${name}/`) || dir.endsWith(`/${name}`))
  if (toolchain !== undefined) return [dir.slice(0, dir.indexOf(`/${toolchain}`) + toolchain.length + 1)]
  const [, first, second] = dir.split('/')
  return first === 'opt' && second !== undefined ? [`/opt/${second}`] : withBeside(dir)
}

function withBeside(dir: string): readonly string[] {
  if (!['bin', 'sbin'].includes(basename(dir)) || dirname(dir) === '/') return [dir]
  return [dir, ...BESIDE_BIN.map((name) => join(dirname(dir), name))]
}

function masks(shown: readonly string[], home: string, look: PathInspector): readonly Mount[] {
  const homes = [...new Set([home, look(home)?.real ?? home])]
  const secrets = homes.flatMap((top) => CREDENTIALS.map((name) => join(top, name)))
  return secrets.flatMap((at): Mount[] => {
    const seen = shown.some((top) => isInside(at, top)) ? look(at) : null
    return seen === null ? [] : [{ is: 'mask', at, directory: seen.is === 'directory' }]
  })
}
