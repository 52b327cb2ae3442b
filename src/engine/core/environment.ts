import { secretNamed } from './redact/variables.ts'

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
  'JAVA_HOME',
  'GOROOT',
  'GOPATH',
  'GOTOOLCHAIN',
  'CARGO_HOME',
  'RUSTUP_HOME',
  'RUSTUP_TOOLCHAIN',
  'PYENV_ROOT',
  'PYENV_VERSION',
  'VIRTUAL_ENV',
  'CONDA_PREFIX',
  'NVM_DIR',
  'NODE_ENV',
  'RBENV_ROOT',
  'RBENV_VERSION',
] as const

/** What a command gets and what it does not: its whole environment, and the names of the caller's that were dropped. */
export interface Environment {
  readonly variables: Readonly<Record<string, string>>
  readonly dropped: readonly string[]
}

/** True for a variable that holds a key of our own, of a model or to sign with: no child gets it, whoever allows it. */
export function holdsOurKey(name: string): boolean {
  return name.startsWith('PP_') && secretNamed(name)
}

/** The environment without such keys. */
export function withoutOurKeys<T extends Readonly<Record<string, string | undefined>>>(env: T): Partial<T> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !holdsOurKey(name))) as Partial<T>
}

/** `extra`: names that the policy or a flag adds. TERM and CI are set so that no tool asks questions or draws. */
export function commandEnvironment(
  caller: Readonly<Record<string, string | undefined>>,
  extra: readonly string[],
): Environment {
  const variables: Record<string, string> = { TERM: 'dumb', CI: '1' }
  const dropped: string[] = []
  for (const [name, value] of Object.entries(caller)) {
    if (value === undefined || name in variables) continue
    if ((allowed(name) || extra.includes(name)) && !holdsOurKey(name)) variables[name] = value
    else dropped.push(name)
  }
  return { variables, dropped: dropped.sort() }
}

/** Of `extra` what commands get, and would not get without it. */
export function addedVariables({ variables }: Environment, extra: readonly string[]): string[] {
  return [...new Set(extra)].filter((name) => name in variables && !allowed(name)).sort()
}

function allowed(name: string): boolean {
  return ENVIRONMENT_ALLOWED.some((entry) =>
    entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : name === entry,
  )
}
