import { statfs } from 'node:fs/promises'
import { walk } from '../../platform/index.ts'

/** Watches how many bytes a session has on disk while a command runs. */
export interface DiskWatch {
  /** Measures once more and stops. True: there is more than allowed. */
  end(): Promise<boolean>
}

const EVERY = 250
/**
 * The directory is measured when its file system has lost this part of the allowed bytes, because walking the directory costs
 * more than asking for the free space.
 */
const PART = 8

/**
 * Calls `stop` once if the files below `dir` hold more than `allowed` bytes. A kernel cannot bound a directory of an ordinary
 * file system for an ordinary user. So this checks the free space four times a second, and measures the directory if it has
 * shrunk. What is written between two checks, and an eighth of `allowed`, may exceed the limit.
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

/** The bytes below a directory, as stored. */
async function bytesBelow(dir: string): Promise<number> {
  let sum = 0
  for await (const { facts } of walk(dir, { lenient: true })) sum += facts.blocks * 512
  return sum
}
