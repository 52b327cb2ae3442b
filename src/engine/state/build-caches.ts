import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { BuildCache } from '../core/build-caches/index.ts'
import { removeTree, runProgram, walk } from '../platform/index.ts'
import type { Clock } from '../ports/clock.ts'
import type { HomeDirectory, Sandbox, SandboxJob } from '../ports/sandbox.ts'

/** A larger cache is not kept, because copying it for each run would cost more than it saves. */
const MOST_BYTES = 1 << 30
const MOST_FILES = 100_000

/**
 * The same sandbox, in which compilers find what they made in the base's own runs. Each run has a copy of its own, so that nothing
 * that runs of a change write reaches another run. Copies lie in `dir`, a private directory of the session that is on the disk whose
 * use is bounded.
 */
export function withBuildCaches(
  sandbox: Sandbox,
  caches: readonly BuildCache[],
  dir: string,
  clock: Pick<Clock, 'now'>,
): Sandbox {
  if (caches.length === 0 || !sandbox.homeDirectories) return sandbox
  const kept = new Set<BuildCache>()
  const keptAt = ({ kind }: BuildCache) => join(dir, kind)
  let runs = 0

  /** What a run gets: empty directories to fill, or copies of what is kept. */
  async function prepared(job: SandboxJob): Promise<ReadonlyMap<BuildCache, HomeDirectory>> {
    const own = new Map<BuildCache, HomeDirectory>()
    for (const cache of job.buildCaches === 'fill' ? caches : kept) {
      const at = join(dir, `${cache.kind}-${++runs}`)
      await mkdir(at, { recursive: true, mode: 0o700 })
      const ready = job.buildCaches === 'fill' || (await copied(keptAt(cache), at, job.signal))
      if (ready) own.set(cache, { place: cache.place, dir: at })
      else await removeTree(at)
    }
    return own
  }

  /** Keeps what a run of the base's own tree left, unless an earlier one was kept already. */
  async function keep(cache: BuildCache, from: string): Promise<void> {
    if (kept.has(cache) || !(await isWorthKeeping(from))) return
    for (const [name, content] of cache.settled(clock.now())) {
      // The run may have left anything at this name, also a link that leads elsewhere.
      await rm(join(from, basename(name)), { recursive: true, force: true })
      await writeFile(join(from, basename(name)), content, { flag: 'wx', mode: 0o600 })
    }
    await rename(from, keptAt(cache))
    kept.add(cache)
  }

  return {
    ...sandbox,
    async run(job) {
      if (job.buildCaches === undefined) return sandbox.run(job)
      const own = await prepared(job)
      try {
        const execution = await sandbox.run({ ...job, homeDirectories: [...own.values()] })
        if (job.buildCaches === 'fill') for (const [cache, { dir: from }] of own) await keep(cache, from)
        return execution
      } finally {
        for (const { dir: at } of own.values()) await removeTree(at)
      }
    },
  }
}

async function copied(from: string, to: string, signal: AbortSignal): Promise<boolean> {
  const end = await runProgram({ program: '/bin/cp', args: ['-a', '--', `${from}/.`, to], env: {}, signal })
  return end.how === 'exited' && end.code === 0
}

async function isWorthKeeping(dir: string): Promise<boolean> {
  let [bytes, files] = [0, 0]
  for await (const { facts } of walk(dir, { lenient: true })) {
    if (facts.isFile()) [bytes, files] = [bytes + facts.size, files + 1]
    if (bytes > MOST_BYTES || files > MOST_FILES) return false
  }
  return files > 0
}
