import type { Dirent } from 'node:fs'
import * as fs from 'node:fs/promises'
import { pathOf } from '../core/gitobject/index.ts'
import { isDependencies } from '../core/paths/index.ts'
import type { Edits } from '../model/change.ts'
import type { Oid } from '../model/oid.ts'
import { removeTree } from '../platform/index.ts'
import type { GitContext } from './git-context.ts'
import { nulEnded, nulRecords, parseTree } from './parse-output.ts'
import { pathOnDisk, writeEdits } from './paths-on-disk.ts'
import { gitError } from './run-git.ts'
import { isWhiteout } from './tree-layout.ts'

/** At most this many are looked at, so that a command cannot keep git pp busy by leaving millions. */
const MOST = 50_000

/**
 * The files below `top` that `isTracked` does not know, in the order in which they are found. Installed dependencies and
 * compiled Python are left out: a runner makes them itself.
 */
export async function untrackedFiles(top: string, isTracked: (path: string) => boolean): Promise<readonly string[]> {
  const found: string[] = []
  const directories = ['']
  for (const under of directories) {
    for (const entry of await entriesOf(pathOnDisk(top, under === '' ? '.' : under))) {
      const name = pathOf(entry.name)
      const path = under === '' ? name : `${under}/${name}`
      if (isWhiteout(entry)) continue
      if (name === '.git' || name === '__pycache__' || isDependencies(path)) continue
      if (entry.isDirectory()) directories.push(path)
      else if (!isTracked(path)) found.push(path)
    }
    if (directories.length + found.length > MOST) break
  }
  return found
}

async function entriesOf(directory: Buffer): Promise<readonly Dirent<Buffer>[]> {
  return fs.readdir(directory, { withFileTypes: true, encoding: 'buffer' }).catch(() => [])
}

/**
 * Those of `paths` that the .gitignore files of `tree` do not cover. Those in the work tree do not count, because the command may
 * have written them.
 */
export async function notIgnored(
  gitContext: GitContext,
  tree: Oid,
  paths: readonly string[],
): Promise<readonly string[]> {
  if (paths.length === 0) return []
  const rules = gitContext.temp('ignore')
  try {
    await fs.mkdir(rules)
    await writeEdits(rules, await ignoreFilesOf(gitContext, tree))
    const args = ['check-ignore', '-z', '--stdin', '--no-index']
    const git = gitContext.plain.with({ cwd: rules, env: { GIT_WORK_TREE: rules } })
    const ran = await git.run(args, { input: nulEnded(paths) })
    if (ran.status > 1) throw gitError(args, ran)
    const ignored = new Set(nulRecords(ran.stdout))
    return paths.filter((path) => !ignored.has(path))
  } finally {
    await removeTree(rules)
  }
}

async function ignoreFilesOf({ plain, cat, weigh }: GitContext, tree: Oid): Promise<Edits> {
  await weigh(tree)
  const entries = parseTree(await plain.bytes(['ls-tree', '-r', '-z', '--full-tree', tree]))
  const files = entries.filter(({ path, mode }) => /(?:^|\/)\.gitignore$/.test(path) && mode.startsWith('100'))
  const read = files.map(
    async ({ path, oid }) => [path, { bytes: await cat.read(oid, 'blob'), mode: '100644' }] as const,
  )
  return new Map(await Promise.all(read))
}
