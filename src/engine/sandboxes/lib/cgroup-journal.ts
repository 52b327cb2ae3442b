import { readdir, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readSmall } from '../../platform/index.ts'

/** A file in the directory of a session that lists where its cgroups may be, one directory on each line. */
const JOURNAL = 'cgroups'
const LIMIT = 64 * 1024

/** statfs(2): cgroup, version 1 and 2. Nothing on another file system is a cgroup, whatever a line says. */
const MAGIC: ReadonlySet<number> = new Set([0x27e0eb, 0x63677270])

/** The prefix of the names of its cgroups. */
export function cgroupPrefix(session: string): string {
  return `git-pp-${session}-`
}

/** Must be called before the first cgroup is created. */
export async function noteCgroups(state: string, dirs: readonly string[]): Promise<void> {
  await writeFile(join(state, JOURNAL), `${dirs.join('\n')}\n`, { mode: 0o600 })
}

/** The remaining cgroups of a session whose directory is `state`; only those with its name. */
export async function cgroupsOf(state: string, session: string): Promise<readonly string[]> {
  const file = join(state, JOURNAL)
  const journal = await readSmall(file, LIMIT).catch(() => null)
  if (journal === null) return []
  const dirs = journal
    .toString('utf8')
    .split('\n')
    .filter((line) => line.startsWith('/'))
  const prefix = cgroupPrefix(session)
  const found: string[] = []
  for (const dir of new Set(dirs)) {
    const type = await statfs(dir)
      .then((fs) => fs.type)
      .catch(() => 0)
    if (!MAGIC.has(type)) continue
    const names = await readdir(dir, { withFileTypes: true }).catch(() => [])
    found.push(
      ...names.filter((one) => one.isDirectory() && one.name.startsWith(prefix)).map(({ name }) => join(dir, name)),
    )
  }
  return found
}
