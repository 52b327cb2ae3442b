import { statfs } from 'node:fs/promises'
import { walk } from '../../platform/index.ts'

/** Looks after the bytes that a session has on disk while a command runs. */
export interface DiskWatch {
  /** Looks once more and stops. True: there is more than allowed. */
  end(): Promise<boolean>
}

const EVERY = 250
/** The directory is measured when its file system has lost this part of what is allowed; a walk costs more than a glance. */
const PART = 8

/**
 * Calls `stop` once when the files below `dir` hold more than `allowed` bytes. Nothing in a kernel bounds a directory of an
 * ordinary file system for an ordinary user, so this looks how much room is left, four times a second, and measures when
 * that has shrunk: what is written between two looks, and an eighth, may come on top.
 */
export function watchDisk(dir: string, allowed: number | null, stop: () => void): DiskWatch {
  if (allowed === null) return { end: async () => false }
  const room = () =>
    statfs(dir).then(
      ({ bfree, bsize }) => bfree * bsize,
      () => 0,
    )
  let before: Promise<number> = room()
  let over = false
  const look = async () => {
    const free = await room()
    if (over || (await before) - free < allowed / PART) return
    if ((await bytesBelow(dir)) > allowed) {
      over = true
      stop()
    }
    before = Promise.resolve(free)
  }
  let looking: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    looking = looking.then(look)
  }, EVERY)
  const last = async () => {
    clearInterval(timer)
    await looking
    await look()
    return over
  }
  let ended: Promise<boolean> | undefined
  return { end: () => (ended ??= last()) }
}

/** As stored. */
async function bytesBelow(dir: string): Promise<number> {
  let sum = 0
  for await (const { facts } of walk(dir, { lenient: true })) sum += facts.blocks * 512
  return sum
}
