import { mkdtempSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ResourceBounds } from '../../model/bounds.ts'
import { PpError } from '../../model/error.ts'
import { type CgroupController, countIn, FILES } from './cgroup-files.ts'
import type { CgroupHierarchy } from './cgroup-hierarchies.ts'

/** The cgroup of a run: one directory in each hierarchy. */
export interface Cgroup {
  readonly dirs: readonly string[]
  /** The bound that was met, if any; after the first `kill`, new events do not count. */
  met(): 'memory' | 'processes' | null
  /** Ends every process in it, even if the process changed its name, session or environment. */
  kill(): Promise<void>
  /** Kills remaining processes and removes the directories. */
  dispose(): Promise<void>
}

/** Creates a cgroup with these bounds; its names begin with `prefix`. If it throws SETUP_FAILED, nothing is left behind. */
export async function makeCgroup(
  places: readonly CgroupHierarchy[],
  prefix: string,
  bounds: ResourceBounds,
): Promise<Cgroup> {
  const made: { readonly place: CgroupHierarchy; readonly dir: string }[] = []
  const dispose = async () => {
    for (const { dir } of made) await removeCgroup(dir)
  }
  // None of these calls waits for a disk, and a turn of the event loop costs more than the call.
  try {
    for (const place of places) {
      const dir = mkdtempSync(join(place.dir, prefix))
      made.push({ place, dir })
      for (const controller of place.controllers) set(place, dir, controller, bounds)
    }
  } catch (error) {
    await dispose()
    throw new PpError('SETUP_FAILED', `the limits of a run could not be set: ${(error as Error).message}`)
  }
  const count = (controller: 'memory' | 'pids') => {
    const at = made.find(({ place }) => place.controllers.includes(controller))
    if (at === undefined) return 0
    const { file, key } = FILES[at.place.version].met[controller]
    return countIn(text(join(at.dir, file)), key)
  }
  const look = () => {
    if (count('memory') > 0) return 'memory'
    return count('pids') > 0 ? 'processes' : null
  }
  let seen: ReturnType<Cgroup['met']> | undefined
  const met = () => {
    if (seen === undefined) seen = look()
    return seen
  }
  return {
    dirs: made.map(({ dir }) => dir),
    met,
    async kill() {
      met() // record the bound before our own kill can count as one
      // A cgroup of version 2 contains all processes of the others.
      if (made.some(({ dir }) => killAtOnce(dir))) return
      for (const { dir } of made) await killEach(dir)
    },
    dispose,
  }
}

function set(place: CgroupHierarchy, dir: string, controller: CgroupController, bounds: ResourceBounds): void {
  for (const { file, text: value, optional } of FILES[place.version].settings(bounds)[controller])
    if (!write(join(dir, file), value) && !optional) throw new Error(`${file} does not accept ${value}`)
}

/** How many times a removal is tried before the cgroup is left to the next sweep; the pause grows by 1 ms each time. */
const ROUNDS = 50

/**
 * Only in version 2, since Linux 5.14. Also kills processes that are just being forked, and those in cgroups below. False:
 * not available.
 */
function killAtOnce(dir: string): boolean {
  return write(join(dir, 'cgroup.kill'), '1')
}

async function killEach(dir: string): Promise<void> {
  write(join(dir, 'pids.max'), '0')
  for (let round = 0; round < ROUNDS; round++) {
    const pids = text(join(dir, 'cgroup.procs')).split('\n').map(Number).filter(Boolean)
    if (pids.length === 0) return
    for (const pid of pids) killOne(pid)
    await sleep(round)
  }
}

/** Kills what is in a cgroup and below it, and removes it. False: some process there does not end. */
export async function removeCgroup(dir: string): Promise<boolean> {
  for (let round = 0; round < ROUNDS; round++) {
    if (removed(dir)) return true
    if (!killAtOnce(dir)) await killEach(dir)
    for (const name of directoriesIn(dir)) await removeCgroup(join(dir, name))
    await sleep(round)
  }
  return false
}

/** Only an empty one can be removed; one that is gone already is fine. */
function removed(dir: string): boolean {
  try {
    rmdirSync(dir)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT'
  }
}

function directoriesIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
  } catch {
    return []
  }
}

/** The process may be gone, or may not be ours; then the directory stays, and the next sweep tries again. */
function killOne(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // see above
  }
}

/** False: the kernel does not have this file, or refuses the write. */
function write(file: string, value: string): boolean {
  try {
    writeFileSync(file, value, { flag: 'r+' })
    return true
  } catch {
    return false
  }
}

/** '' if the file does not exist. */
function text(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}
