import { PpError } from '../model/error.ts'
import { liesInWorkTree } from './dot-git-links.ts'
import type { GitProgram } from './run-git.ts'

/**
 * One value of git's configuration and its scope (`command` for a command-line option; `local` for the repository's own
 * file).
 */
export interface GitConfigValue {
  readonly value: string
  readonly scope: 'system' | 'global' | 'local' | 'worktree' | 'command'
}

/** Keys as git prints them (section and name lower case, subsection as written), values in the order git reads them. */
export type GitConfig = ReadonlyMap<string, readonly GitConfigValue[]>

export async function readConfig(git: GitProgram): Promise<GitConfig> {
  return parseConfig(await git.bytes(['config', '--show-scope', '-z', '--list']))
}

/** `git config --show-scope -z --list`: `<scope>\0<key>\n<value>\0`; a key without '=' is true. */
export function parseConfig(output: Uint8Array): GitConfig {
  const all = Buffer.from(output).toString('utf8').split('\0')
  const config = new Map<string, GitConfigValue[]>()
  for (let at = 0; at + 1 < all.length; at += 2) {
    const scope = all[at] as GitConfigValue['scope']
    const pair = all[at + 1] ?? ''
    const cut = pair.indexOf('\n')
    const key = cut === -1 ? pair : pair.slice(0, cut)
    const values = config.get(key) ?? []
    values.push({ value: cut === -1 ? 'true' : pair.slice(cut + 1), scope })
    config.set(key, values)
  }
  return config
}

/**
 * Some of our settings name programs, so none of them may come from a file that a branch can bring: from a git directory
 * among tracked files, or through `include.path`. Settings of the user, the machine and the command line are trusted. `git`
 * runs with an absolute GIT_DIR, so that it reports absolute file names. Throws USAGE.
 */
export async function assertOwnSettings(git: GitProgram, top: string): Promise<void> {
  const listed = await git.text(['config', '--show-scope', '--show-origin', '-z', '--list'])
  const all = listed.split('\0')
  for (let at = 0; at + 2 < all.length; at += 3) {
    const [scope = '', origin = '', pair = ''] = all.slice(at, at + 3)
    const file = origin.replace(/^file:/, '')
    if (!pair.startsWith('pp.') || !/^(local|worktree)$/.test(scope) || !(await liesInWorkTree(file, top))) continue
    const [key = ''] = pair.split('\n')
    throw new PpError(
      'USAGE',
      `${key} is set in ${file}, which is part of a work tree, so whoever pushes to it could choose what runs here`,
      { mend: `remove it from that file, and set it with git config --global ${key} VALUE` },
    )
  }
}

/** The value that applies, or null. */
export function lastValueOf(config: GitConfig, key: string): string | null {
  return config.get(key)?.at(-1)?.value ?? null
}

/** Names of all filters that are configured to run a program, in any scope. */
export function filterNames(config: GitConfig): readonly string[] {
  const names = [...config.keys()].flatMap((key) => /^filter\.(.+)\.[a-z]+$/s.exec(key)?.[1] ?? [])
  return [...new Set(names)].sort()
}

/**
 * Git options with which no configured filter runs a program: an empty command passes content through unchanged. They use
 * --config-env because the name of a filter may contain '='. `filterEnv` sets PP_EMPTY and PP_FALSE.
 */
export function withoutFilters(names: readonly string[]): readonly string[] {
  return names.flatMap((name) => [
    `--config-env=filter.${name}.clean=PP_EMPTY`,
    `--config-env=filter.${name}.smudge=PP_EMPTY`,
    `--config-env=filter.${name}.process=PP_EMPTY`,
    `--config-env=filter.${name}.required=PP_FALSE`,
  ])
}

export const filterEnv = { PP_EMPTY: '', PP_FALSE: 'false' } as const
