import { lstatSync, realpathSync, type Stats } from 'node:fs'
import * as path from 'node:path'
import type { RepositoryPaths } from '../../ports/repository.ts'
import { isUsualConfig } from './config-file.ts'
import { readFileUpTo } from './small-files.ts'

/**
 * Variables of git that do not change which repository it finds and what it reads there: who commits, which programs talk to
 * people, and how it reaches other machines. Any other one may.
 */
const HARMLESS = new RegExp(
  [
    '^GIT_(?:AUTHOR|COMMITTER)_(?:NAME|EMAIL|DATE)$',
    '^GIT_(?:(?:SEQUENCE_)?EDITOR|MERGE_AUTOEDIT|PAGER|PAGER_IN_USE|ASKPASS|TERMINAL_PROMPT|OPTIONAL_LOCKS)$',
    '^GIT_(?:SSH|SSH_COMMAND|SSH_VARIANT|(?:SSL|HTTP|CURL|PROXY_SSL)_\\w+|ALLOW_PROTOCOL|PROTOCOL_FROM_USER)$',
    '^GIT_CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM)$',
  ].join('|'),
)

const MOST_CONFIG = 64 * 1024

/**
 * The caller's repository, if it is certain without git that git would find and accept it, and how: a `.git` in one of the
 * directories upwards that belongs to the caller, refs as files, SHA-1, objects nowhere else. Null: git has to be asked.
 */
export function usualRepository(
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): RepositoryPaths | null {
  const uid = process.geteuid?.()
  if (uid === undefined || Object.keys(env).some((name) => name.startsWith('GIT_') && !HARMLESS.test(name))) return null
  try {
    const place = lookUpwards(realpathSync.native(cwd), uid)
    return place !== null && isUsual(place) ? place : null
  } catch {
    return null
  }
}

function lookUpwards(start: string, uid: number): RepositoryPaths | null {
  const { dev } = lstatSync(start)
  for (let top = start; ; top = path.dirname(top)) {
    const facts = lstatSync(top)
    // Git ends its search where another file system begins.
    if (facts.dev !== dev || top.includes('\n')) return null
    const dotGit = factsOf(path.join(top, '.git'))
    if (dotGit !== null) {
      const place = { top, prefix: path.relative(top, start), objectFormat: 'sha1' } as const
      return facts.uid === uid && dotGit.uid === uid ? placeOf(place, dotGit, uid) : null
    }
    // It may look like a repository itself, which git refuses.
    if (factsOf(path.join(top, 'HEAD')) !== null || path.dirname(top) === top) return null
  }
}

function placeOf(
  place: Omit<RepositoryPaths, 'gitDir' | 'commonDir'>,
  dotGit: Stats,
  uid: number,
): RepositoryPaths | null {
  const file = path.join(place.top, '.git')
  if (dotGit.isDirectory())
    return factsOf(path.join(file, 'commondir')) === null ? { ...place, gitDir: file, commonDir: file } : null
  // The file of a linked work tree; a submodule has one, too, but no `commondir`.
  if (!dotGit.isFile()) return null
  const named = /^gitdir: (\/[^\n\r]+)\n$/.exec(textOf(file))?.[1]
  if (named === undefined) return null
  const gitDir = realpathSync.native(named)
  const [, common] = /^([^\n\r]+)\n$/.exec(textOf(path.join(gitDir, 'commondir'))) ?? []
  if (common === undefined) return null
  const commonDir = realpathSync.native(path.resolve(gitDir, common))
  const isOurs = [gitDir, commonDir].every((directory) => lstatSync(directory).uid === uid)
  return isOurs && path.dirname(gitDir) === path.join(commonDir, 'worktrees') ? { ...place, gitDir, commonDir } : null
}

function isUsual({ gitDir, commonDir }: RepositoryPaths): boolean {
  const isDirectory = (name: string) => factsOf(path.join(commonDir, name))?.isDirectory() === true
  return (
    factsOf(path.join(gitDir, 'HEAD'))?.isFile() === true &&
    isDirectory('objects') &&
    isDirectory('refs') &&
    factsOf(path.join(commonDir, 'objects', 'info', 'alternates')) === null &&
    isUsualConfig(textOf(path.join(commonDir, 'config')))
  )
}

/** Null: nothing is there. */
function factsOf(file: string): Stats | null {
  return lstatSync(file, { throwIfNoEntry: false }) ?? null
}

/** Empty for a file that cannot be read. */
function textOf(file: string): string {
  return readFileUpTo(file, MOST_CONFIG)?.toString('utf8') ?? ''
}
