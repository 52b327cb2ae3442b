import * as fs from 'node:fs/promises'
import type { GitContext } from './git-context.ts'
import { nulEnded, nulRecords } from './parse-output.ts'
import { gitError } from './run-git.ts'

/**
 * Paths of the work tree that match `patterns` (gitignore syntax, relative to the top) and that git ignores as well. A
 * directory is listed by its name if everything in it matches. Files that git does not ignore, or tracks, are left out.
 */
export async function ignoredPaths(
  gitContext: GitContext,
  userIndex: string,
  patterns: Uint8Array,
): Promise<readonly string[]> {
  const { top } = gitContext.place
  const file = gitContext.temp('patterns')
  await fs.writeFile(file, patterns)
  try {
    const git = gitContext.user.with({ cwd: top, env: { GIT_WORK_TREE: top, GIT_INDEX_FILE: userIndex } })
    const others = ['--literal-pathspecs', 'ls-files', '-z', '--others', `--exclude-from=${file}`]
    const matched = nulRecords(await git.bytes([...others, '--ignored', '--directory']))
    if (matched.length === 0) return []
    // Git also lists directories that only contain something that matches.
    const directories = matched.filter((path) => path.endsWith('/'))
    const spared = directories.length === 0 ? [] : nulRecords(await git.bytes([...others, '--', ...directories]))
    const whole = matched.filter((path) => !path.endsWith('/') || !spared.some((other) => other.startsWith(path)))
    const input = nulEnded(whole)
    const ran = await git.run(['check-ignore', '-z', '--stdin'], { input })
    if (ran.status > 1) throw gitError(['check-ignore'], ran)
    return topMost(nulRecords(ran.stdout))
  } finally {
    await fs.rm(file, { force: true })
  }
}

function topMost(paths: readonly string[]): readonly string[] {
  const directories = paths.filter((path) => path.endsWith('/'))
  const inside = (path: string) => directories.some((other) => other !== path && path.startsWith(other))
  return paths.filter((path) => !inside(path)).map((path) => path.replace(/\/$/, ''))
}
