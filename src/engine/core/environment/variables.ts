import { isSecretName } from '../redact/index.ts'

/** Those that name places of toolchains: what they name is readable inside. */
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

/** Variables of the caller that every command gets. Names only are recorded. docs/reference.md has the reasons. */
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

/** The variables that name places of toolchains. */
export function toolchainVariables(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(TOOLCHAINS.flatMap((name) => (env[name] ? [[name, env[name]]] : [])))
}

/** What a command gets and what it does not: its whole environment, and the names of the caller's that were dropped. */
export interface CommandEnvironment {
  readonly variables: Readonly<Record<string, string>>
  readonly dropped: readonly string[]
}

/** True for a variable that holds a key of our own, of a model or to sign with: no child gets it, whoever allows it. */
export function isOwnKeyVariable(name: string): boolean {
  return name.startsWith('PP_') && isSecretName(name)
}

/** The environment without such keys. */
export function withoutOwnKeys<T extends Readonly<Record<string, string | undefined>>>(env: T): Partial<T> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isOwnKeyVariable(name))) as Partial<T>
}

/** `extra`: names that the policy or a flag adds. TERM and CI are set so that no tool asks questions or draws. */
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

/** Of `extra` what commands get, and would not get without it. */
export function addedVariables({ variables }: CommandEnvironment, extra: readonly string[]): string[] {
  return [...new Set(extra)].filter((name) => name in variables && !allowed(name)).sort()
}

function allowed(name: string): boolean {
  return ENVIRONMENT_ALLOWED.some((entry) =>
    entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : name === entry,
  )
}
