import type { GitContext } from './git-context.ts'
import { nulRecords } from './parse-output.ts'

/**
 * Files below `prefix` ('' = the top) that git tracks, or would track: relative to `prefix`, sorted; their contents are not
 * read.
 */
export async function projectFiles(
  gitContext: GitContext,
  userIndex: string,
  prefix: string,
): Promise<readonly string[]> {
  const { top } = gitContext.place
  const git = gitContext.user.with({ cwd: top, env: { GIT_WORK_TREE: top, GIT_INDEX_FILE: userIndex } })
  const listed = [
    '--literal-pathspecs',
    'ls-files',
    '-z',
    '--cached',
    '--others',
    '--exclude-standard',
    '--deduplicate',
  ]
  const found = nulRecords(await git.bytes(prefix === '' ? listed : [...listed, '--', prefix]))
  const below =
    prefix === ''
      ? found
      : found.flatMap((path) => (path.startsWith(`${prefix}/`) ? path.slice(prefix.length + 1) : []))
  return below.filter((path) => !path.endsWith('/')).sort()
}
