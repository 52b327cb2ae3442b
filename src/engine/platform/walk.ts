import { constants, type Stats } from 'node:fs'
import { lstat, open, readdir } from 'node:fs/promises'

/**
 * One entry of a walk: its path below the top, a path that can be opened until the walk continues, and the result of
 * lstat(2).
 */
export interface Found {
  readonly path: string
  readonly at: string
  readonly facts: Stats
}

/** In bytes. A path below this length can be extended by one more name. */
const LONG = 3000

interface How {
  /** Entries that are neither reported nor entered, by their name and by their path below the top. */
  readonly skip?: (name: string, path: string) => boolean
  /** True: a directory that cannot be read counts as empty. */
  readonly lenient?: boolean
}

/**
 * Everything below `top` that a child process left, at any depth; follows no link, and leaves out what vanishes in the
 * meantime. If a path grows too long for the system, the walk goes on from an open directory (Linux).
 */
export function walk(top: string, how: How = {}): AsyncGenerator<Found> {
  return below(top, '', how)
}

async function* below(anchor: string, prefix: string, how: How): AsyncGenerator<Found> {
  const waiting = ['']
  for (let under = waiting.pop(); under !== undefined; under = waiting.pop()) {
    if (Buffer.byteLength(under) > LONG) yield* fromOpen(`${anchor}${under}`, `${prefix}${under}`, how)
    else
      for (const name of await namesIn(`${anchor}${under}`, how)) {
        const [at, path] = [`${anchor}${under}/${name}`, `${prefix}${under}/${name}`]
        const facts = how.skip?.(name, path.slice(1)) ? null : await lstat(at).catch(() => null)
        if (facts === null) continue
        yield { path: path.slice(1), at, facts }
        if (facts.isDirectory()) waiting.push(`${under}/${name}`)
      }
  }
}

async function* fromOpen(dir: string, prefix: string, how: How): AsyncGenerator<Found> {
  const handle = await open(dir, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW).catch(none(how))
  if (handle === null) return
  try {
    yield* below(`/proc/self/fd/${handle.fd}`, prefix, how)
  } finally {
    await handle.close()
  }
}

async function namesIn(dir: string, how: How): Promise<readonly string[]> {
  return (await readdir(dir).catch(none(how))) ?? []
}

const GONE = new Set(['ENOENT', 'ENOTDIR', 'ELOOP'])

function none({ lenient = false }: How): (error: NodeJS.ErrnoException) => null {
  return (error) => {
    if (lenient || GONE.has(error.code ?? '')) return null
    throw error
  }
}
