import { lstat, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** In ms. A broker keeps what belongs to a job for a week, so nothing can come of these any more but a saving of work. */
const OLD_MS = 30 * 24 * 60 * 60_000

/** Removes batches and results of workers that nobody has written to for 30 days. `state`: the directory of a repository. */
export async function removeOldJobs(
  state: string,
  { now, dryRun }: { readonly now: number; readonly dryRun: boolean },
): Promise<readonly { readonly what: string; readonly why: string }[]> {
  const removed: { what: string; why: string }[] = []
  for (const [name, what] of [
    ['batches', 'the batch'],
    ['jobs', 'what is remembered of the job'],
  ] as const)
    for (const entry of await readdir(join(state, name), { recursive: true, withFileTypes: true }).catch(() => [])) {
      const file = join(entry.parentPath, entry.name)
      const facts = entry.isFile() ? await lstat(file).catch(() => null) : null
      if (facts === null || now - facts.mtimeMs < OLD_MS) continue
      if (!dryRun) await rm(file, { force: true })
      removed.push({ what: `${what} ${entry.name.replace(/\..*$/, '')}`, why: 'older than 30 days' })
    }
  return removed
}
