import type { Dirent } from 'node:fs'
import * as fs from 'node:fs/promises'
import { pathOf } from '../core/gitobject/index.ts'
import { isDependencies } from '../core/paths/index.ts'
import type { GitContext } from './git-context.ts'
import { nulEnded, nulRecords } from './parse-output.ts'
import { pathOnDisk } from './paths-on-disk.ts'
import { gitError } from './run-git.ts'

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

/** Those of `paths` that the ignore rules of a checkout do not cover. */
export async function notIgnored(
  { plain }: GitContext,
  dir: string,
  paths: readonly string[],
): Promise<readonly string[]> {
  if (paths.length === 0) return []
  const args = ['check-ignore', '-z', '--stdin', '--no-index']
  const ran = await plain.with({ cwd: dir, env: { GIT_WORK_TREE: dir } }).run(args, { input: nulEnded(paths) })
  if (ran.status > 1) throw gitError(args, ran)
  const ignored = new Set(nulRecords(ran.stdout))
  return paths.filter((path) => !ignored.has(path))
}
