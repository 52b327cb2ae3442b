import { existsSync, readdirSync } from 'node:fs'
import { join, posix } from 'node:path'
import type { GitContext } from './git-context.ts'
import { nulRecords } from './parse-output.ts'

/** At most this many names are kept: the wanted file is a generated file, not a whole build tree. */
const MOST = 20_000

/**
 * Finds files of the checkout that git ignores, by the name in an output: the path itself, the path without its extension, or
 * the last component if only one ignored file has it. Returns the path from the top, or null.
 */
export async function ignoredFiles(
  gitContext: GitContext,
  userIndex: string,
): Promise<(path: string) => string | null> {
  const { top } = gitContext.place
  const git = gitContext.user.with({ cwd: top, env: { GIT_WORK_TREE: top, GIT_INDEX_FILE: userIndex } })
  const listed = [
    'ls-files',
    '-z',
    '--others',
    '--ignored',
    '--exclude-standard',
    '--directory',
    '--no-empty-directory',
  ]
  const ran = await git.run(listed)
  const all = ran.status === 0 ? nulRecords(ran.stdout).slice(0, MOST) : []
  const files = new Set(all.filter((path) => !path.endsWith('/')))
  const directories = all.filter((path) => path.endsWith('/'))
  const named = (path: string) => {
    if (path === '' || path.startsWith('../')) return null
    if (files.has(path)) return path
    if (directories.includes(`${path}/`)) return path
    const inside = directories.some((directory) => path.startsWith(directory))
    return inside && existsSync(join(top, path)) ? path : null
  }
  const withEnding = (path: string) => {
    const start = `${posix.basename(path)}.`
    const folder = posix.dirname(path)
    const inside = directories.some((directory) => path.startsWith(directory))
    const names = inside ? namesIn(join(top, folder)) : [...files].filter((file) => posix.dirname(file) === folder)
    const found = names.map((name) => posix.basename(name)).find((name) => name.startsWith(start))
    return found === undefined ? null : named(posix.join(folder, found))
  }
  const alone = (path: string) => {
    const same =
      path.includes('/') || !path.includes('.') ? [] : [...files].filter((file) => posix.basename(file) === path)
    return same.length === 1 ? (same[0] ?? null) : null
  }
  return (path) => named(path) ?? withEnding(path) ?? alone(path)
}

function namesIn(directory: string): readonly string[] {
  return existsSync(directory) ? readdirSync(directory) : []
}
