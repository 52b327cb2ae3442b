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

/** What belongs to a `bin` directory on PATH. */
const BESIDE_BIN = ['include', 'lib', 'lib64', 'libexec', 'pyvenv.cfg', 'share']

/** What a directory on PATH needs from other places below home. */
const COMPANIONS: Readonly<Record<string, readonly string[]>> = {
  '.cargo/bin': ['.rustup'],
  '.local/bin': ['.local/lib', ...TOOLCHAINS.filter((dir) => dir.startsWith('.local/'))],
}

/**
 * For these variables only some parts of the named directory are shown: the other parts are private, or the tool itself
 * writes them.
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

/** The same for the tools of the JVM, which fail if they cannot write a lock file there. */
const JVM_CACHES = ['.m2/repository', '.m2/wrapper', '.gradle/caches/modules-2', '.gradle/wrapper', '.ivy2/cache']

/** Hidden wherever a shown directory would contain them. */
const CREDENTIALS = [
  '.aws .azure .bundle/config .cargo/credentials .cargo/credentials.toml .config/gcloud .config/gh',
  '.config/git/credentials .config/hub .config/op .docker .gem/credentials .git-credentials .gnupg',
  '.gradle/gradle.properties .hex/hex.config .kube .m2/settings.xml .m2/settings-security.xml .netrc .npmrc',
  '.nuget/NuGet/NuGet.Config .pgpass .pypirc .ssh .terraform.d .vault-token .yarnrc.yml',
  '.local/share/keyrings .password-store _netrc',
].flatMap(splitWords)

export interface ToolchainPaths {
  /** Directories of programs: those on PATH, and the targets of symlinks in them. */
  readonly programs: readonly string[]
  readonly home: string
  readonly checkout: string
  /** Variables of the caller that name directories of toolchains; HOME is not among them. */
  readonly named: Readonly<Record<string, string>>
  /** Directories that are shown anyway. */
  readonly system: readonly string[]
  /** True: a tool of the JVM builds the tree; its caches are writable layers, which cost two processes for each run. */
  readonly jvm: boolean
}

/** The parts of home, /opt and other places that programs on PATH need, and the caches of their downloads. */
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
    // Shown at its own path and, if a symlink led there, at the path that the program itself uses.
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

/** The directories that the variables name, wherever HOME is; a value that is not an absolute path of a directory is ignored. */
function homesOf(named: Readonly<Record<string, string>>, look: PathInspector): readonly string[] {
  return Object.entries(named).flatMap(([name, value]) =>
    value
      .split(':')
      .filter((dir) => isAbsolute(dir) && dirname(dir) !== '/' && look(resolve(dir)) !== null)
      .flatMap((dir) => (PARTS[name] ?? ['.']).map((part) => join(resolve(dir), part))),
  )
}

/** Whether a path would show too much: a directory that contains home or the checkout, or one that only holds credentials. */
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
