import { createHash } from 'node:crypto'
import { lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { version as kernelVersion, release } from 'node:os'
import { join } from 'node:path'
import { readSmall } from '../platform/index.ts'
import type { ProbeMemory } from '../ports/probe-memory.ts'
import { processNamespace } from './session-dir.ts'

const MOST_BYTES = 65_536
/** Every boot makes new names, so files that were written longer ago than this, in ms, are removed. */
const KEPT_MS = 30 * 86_400_000

/** Whose memory it is. `tool`: the version of git pp. */
export interface ProbingUser {
  readonly uid: number
  readonly tool: string
}

/**
 * The probes that earlier sessions of a user made, in `probes` in `cache`, the directory of git pp in the cache of the user. A
 * directory that others may enter, and a file in which a byte has changed, count as empty.
 */
export function probeMemory(cache: string, { uid, tool }: ProbingUser): ProbeMemory {
  const dir = join(cache, 'probes')
  const recalled: string[] = []
  const digests = new Map<string, Promise<string>>()
  const digestOf = (program: string): Promise<string> => {
    const known = digests.get(program) ?? readFile(program).then(sha256)
    digests.set(program, known)
    return known
  }
  let machine: Promise<readonly string[]> | undefined

  async function fileOf(name: string, programs: readonly string[]): Promise<string> {
    machine ??= machineFacts()
    const contents = await Promise.all(programs.map(async (path) => [path, await digestOf(path)]))
    return join(dir, sha256(JSON.stringify([name, contents, uid, tool, await machine])))
  }

  return {
    async recall(name, programs, probe) {
      const file = await fileOf(name, programs)
      const before = await stored(dir, file, uid)
      if (before !== null) {
        recalled.push(file)
        return { shown: before, remembered: true }
      }
      const shown = await probe()
      if (shown !== null) await store(dir, file, shown)
      return { shown, remembered: false }
    },
    async forget() {
      await Promise.all(recalled.splice(0).map((file) => rm(file, { force: true })))
    },
  }
}

async function machineFacts(): Promise<readonly string[]> {
  const { boot, space } = await processNamespace()
  const cgroups = await readFile('/proc/self/cgroup', 'latin1').catch(() => '')
  return [release(), kernelVersion(), boot, space, cgroups]
}

async function stored(dir: string, file: string, uid: number): Promise<string | null> {
  const facts = await lstat(dir).catch(() => null)
  if (!facts?.isDirectory() || facts.uid !== uid || (facts.mode & 0o077) !== 0) return null
  const text = (await readSmall(file, MOST_BYTES).catch(() => null))?.toString('utf8') ?? ''
  const at = text.indexOf('\n')
  const shown = text.slice(at + 1)
  return at > 0 && text.slice(0, at) === sealOf(file, shown) ? shown : null
}

/** A memory that cannot be written is none. */
async function store(dir: string, file: string, shown: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 })
    await writeFile(file, `${sealOf(file, shown)}\n${shown}`, { mode: 0o600 })
    for (const name of await readdir(dir)) {
      const { mtimeMs } = await lstat(join(dir, name))
      if (Date.now() - mtimeMs > KEPT_MS) await rm(join(dir, name), { force: true })
    }
  } catch {}
}

/** Binds what was shown to the name of its file. */
function sealOf(file: string, shown: string): string {
  return sha256(JSON.stringify([file.slice(file.lastIndexOf('/') + 1), shown]))
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}
