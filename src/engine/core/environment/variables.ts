import { isSecretName } from '../redact/index.ts'

/** Variables that name directories of toolchains; commands may read these directories inside the sandbox. */
const TOOLCHAINS = [
  'JAVA_HOME',
  'GOROOT',
  'GOPATH',
  'GOMODCACHE',
  'CARGO_HOME',
  'RUSTUP_HOME',
  'PYENV_ROOT',
  'VIRTUAL_ENV',
  'CONDA_PREFIX',
  'NVM_DIR',
  'RBENV_ROOT',
  'SDKMAN_DIR',
  'VOLTA_HOME',
  'DOTNET_ROOT',
  'ASDF_DIR',
  'ASDF_DATA_DIR',
  'MISE_DATA_DIR',
] as const

/** Variables of the caller that every command gets. Only their names are recorded. docs/reference.md gives the reasons. */
export const ENVIRONMENT_ALLOWED = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LANGUAGE',
  'LC_*',
  'TZ',
  ...TOOLCHAINS,
  'GOTOOLCHAIN',
  'RUSTUP_TOOLCHAIN',
  'PYENV_VERSION',
  'NODE_ENV',
  'RBENV_VERSION',
] as const

/** The variables that name directories of toolchains, with their values. */
export function toolchainVariables(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(TOOLCHAINS.flatMap((name) => (env[name] ? [[name, env[name]]] : [])))
}

/** The environment that a command gets, and the names of the caller's variables that were dropped. */
export interface CommandEnvironment {
  readonly variables: Readonly<Record<string, string>>
  readonly dropped: readonly string[]
}

/**
 * Whether a variable holds a key of git pp itself, for a model or for signing. No child process gets it, whatever the policy
 * allows.
 */
export function isOwnKeyVariable(name: string): boolean {
  return name.startsWith('PP_') && isSecretName(name)
}

/** The environment without such keys. */
export function withoutOwnKeys<T extends Readonly<Record<string, string | undefined>>>(env: T): Partial<T> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isOwnKeyVariable(name))) as Partial<T>
}

/**
 * The environment of a command. `extra`: names that the policy or a flag adds. TERM and CI are set so that tools ask no
 * questions and draw nothing.
 */
export function commandEnvironment(
  caller: Readonly<Record<string, string | undefined>>,
  extra: readonly string[],
): CommandEnvironment {
  const variables: Record<string, string> = { TERM: 'dumb', CI: '1' }
  const dropped: string[] = []
  for (const [name, value] of Object.entries(caller)) {
    if (value === undefined || name in variables) continue
    if ((allowed(name) || extra.includes(name)) && !isOwnKeyVariable(name)) variables[name] = value
    else dropped.push(name)
  }
  return { variables, dropped: dropped.sort() }
}

/** The names of `extra` that commands get, and would not get otherwise. */
export function addedVariables({ variables }: CommandEnvironment, extra: readonly string[]): string[] {
  return [...new Set(extra)].filter((name) => name in variables && !allowed(name)).sort()
}

function allowed(name: string): boolean {
  return ENVIRONMENT_ALLOWED.some((entry) =>
    entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : name === entry,
  )
}
