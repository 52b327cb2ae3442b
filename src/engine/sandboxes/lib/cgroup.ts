import { mkdtemp, readdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bounds } from '../../model/bounds.ts'
import { PpError } from '../../model/error.ts'
import { type Controller, countIn, FILES } from './cgroup-files.ts'
import type { Hierarchy } from './hierarchies.ts'

/** What a run is put into: one directory in each hierarchy. */
export interface Cgroup {
  readonly dirs: readonly string[]
  /** The bound that was met, if any; from the first `kill` on no longer looked for. */
  met(): Promise<'memory' | 'processes' | null>
  /** Ends every process in it, whatever it called itself, its session and its environment. */
  kill(): Promise<void>
  /** Kills what is left and removes the directories. */
  dispose(): Promise<void>
}

/** Makes a cgroup with these bounds, its names beginning with `prefix`. Throws SETUP_FAILED; nothing is left then. */
export async function makeCgroup(places: readonly Hierarchy[], prefix: string, bounds: Bounds): Promise<Cgroup> {
  const made: { readonly place: Hierarchy; readonly dir: string }[] = []
  const dispose = async () => {
    for (const { dir } of made) await removeCgroup(dir)
  }
  try {
    for (const place of places) {
      const dir = await mkdtemp(join(place.dir, prefix))
      made.push({ place, dir })
      for (const controller of place.controllers) await set(place, dir, controller, bounds)
    }
  } catch (error) {
    await dispose()
    throw new PpError('SETUP_FAILED', `the bounds of a run could not be set: ${(error as Error).message}`)
  }
  const count = async (controller: 'memory' | 'pids') => {
    const at = made.find(({ place }) => place.controllers.includes(controller))
    if (at === undefined) return 0
    const { file, key } = FILES[at.place.version].met[controller]
    return countIn(await readFile(join(at.dir, file), 'utf8').catch(() => ''), key)
  }
  const look = async () => {
    if ((await count('memory')) > 0) return 'memory'
    return (await count('pids')) > 0 ? 'processes' : null
  }
  let seen: ReturnType<Cgroup['met']> | undefined
  const met = () => (seen ??= look())
  return {
    dirs: made.map(({ dir }) => dir),
    met,
    async kill() {
      await met() // before our own means count as a bound that was met
      for (const { dir } of made) await killAll(dir)
    },
    dispose,
  }
}

async function set(place: Hierarchy, dir: string, controller: Controller, bounds: Bounds): Promise<void> {
  for (const { file, text, optional } of FILES[place.version].settings(bounds)[controller]) {
    const written = writeFile(join(dir, file), text, { flag: 'r+' })
    await (optional ? written.catch(() => {}) : written)
  }
}

/** How often is looked again before a cgroup is left to the next sweep; ms grow by one each time. */
const ROUNDS = 50

/** Kills every process of a cgroup; one that is not there is fine. */
async function killAll(dir: string): Promise<void> {
  // Version 2, since Linux 5.14: all at once, also what forks in the meantime, and what lies further below.
  if (await writeFile(join(dir, 'cgroup.kill'), '1', { flag: 'r+' }).then(yes, no)) return
  await writeFile(join(dir, 'pids.max'), '0', { flag: 'r+' }).catch(() => {})
  for (let round = 0; round < ROUNDS; round++) {
    const members = await readFile(join(dir, 'cgroup.procs'), 'utf8').catch(() => '')
    const pids = members.split('\n').map(Number).filter(Boolean)
    if (pids.length === 0) return
    for (const pid of pids) killOne(pid)
    await sleep(round)
  }
}

/** Kills what is in a cgroup and below, and removes it. False: something there does not die. */
export async function removeCgroup(dir: string): Promise<boolean> {
  await killAll(dir)
  const below = await readdir(dir, { withFileTypes: true }).catch(() => [])
  for (const entry of below) if (entry.isDirectory()) await removeCgroup(join(dir, entry.name))
  for (let round = 0; round < ROUNDS; round++) {
    const left = await rmdir(dir).then(
      () => null,
      (error: NodeJS.ErrnoException) => error.code,
    )
    if (left === null || left === 'ENOENT') return true
    await sleep(round)
  }
  return false
}

/** Gone already, or not ours: then the directory stays, and the next sweep tries again. */
function killOne(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // see above
  }
}

const yes = () => true
const no = () => false
