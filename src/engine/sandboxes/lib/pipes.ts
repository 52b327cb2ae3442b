import { closeSync, constants, openSync, unlinkSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { succeeds } from '../../platform/index.ts'

/** One real pipe: the stream we read, and the descriptor a child writes to (close it after the spawn). */
export interface Pipe {
  readonly read: Socket
  readonly write: number
}

const AT_ONCE = 16
const MADE_MS = 60_000

/**
 * Makes real pipes; null if that is not possible. Node gives children socket pairs, and on Linux a socket cannot be opened by
 * its name: `echo x >/dev/stderr` in a test script would fail here although it works for the user. A FIFO that is opened at
 * both ends and unlinked is like any other pipe. Several are made at once, because each `mkfifo` costs a process.
 */
export function makePipes(state: string, mkfifo: string | null): () => Promise<Pipe | null> {
  let names: string[] = []
  return async () => {
    if (names.length === 0 && mkfifo !== null) names = await fresh(state, mkfifo).catch(() => [])
    const name = names.pop()
    return name === undefined ? null : opened(name)
  }
}

async function fresh(state: string, mkfifo: string): Promise<string[]> {
  const dir = await mkdtemp(join(state, 'pipes-'))
  const names = Array.from({ length: AT_ONCE }, (_, n) => join(dir, String(n)))
  return (await succeeds(mkfifo, ['-m', '600', ...names], MADE_MS)) ? names : []
}

function opened(name: string): Pipe {
  const read = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const write = openSync(name, constants.O_WRONLY)
    return { read: new Socket({ fd: read, readable: true, writable: false }), write }
  } catch (error) {
    closeSync(read)
    throw error
  } finally {
    unlinkSync(name)
  }
}
