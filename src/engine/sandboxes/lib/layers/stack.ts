import { closeSync, constants, openSync } from 'node:fs'
import { mkdir, realpath, statfs, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { PpError } from '../../../model/error.ts'
import { type Running, startProgram } from '../../../platform/index.ts'
import type { StackedTree } from '../../../ports/layering.ts'
import { SPACE, STACK_SCRIPT, TREE, UPPER } from './stack-script.ts'

/** The programs that stacking needs, by absolute path; `path`: the directories of mount(8) and mkdir(1). */
export interface StackTools {
  readonly unshare: string
  readonly sh: string
  readonly path: string
}

/** In ms. */
const PATIENCE = 30_000

/**
 * Stacks `layers` below `asked`, which it makes, in new namespaces. The engine then holds the namespaces and the tree by descriptors alone:
 * when it dies, even by kill -9, nothing is left. A descriptor, unlike a process id, cannot come to mean something else.
 */
export async function stackTree(
  tools: StackTools,
  asked: string,
  layers: readonly string[],
  bytes: number,
): Promise<StackedTree> {
  await mkdir(asked, { mode: 0o700 })
  // A link in the path would lead out of the namespaces when the path is looked up below /proc.
  const place = await realpath(asked)
  for (const name of [SPACE, TREE]) await mkdir(join(place, name))
  const names = layers.map((_, n) => `layer-${n}`)
  for (const [n, layer] of layers.entries()) await symlink(layer, join(place, names[n] ?? ''))
  const child = startProgram({
    program: tools.unshare,
    args: [...NAMESPACES, tools.sh, '-c', STACK_SCRIPT, 'pp', String(bytes), names.join(':')],
    env: { PATH: tools.path },
    cwd: place,
  })
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()))
  try {
    await ready(child)
    return held(place, child.pid ?? 0)
  } finally {
    child.stdin.end()
    await gone
  }
}

const NAMESPACES = ['--user', '--map-root-user', '--mount', '--']

/** Resolves when the script has mounted everything. Throws DISK_FAILED with what it said instead. */
function ready(child: Running): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    const fail = (why: string) => reject(new PpError('DISK_FAILED', `the work tree could not be mounted: ${why}`))
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      fail(`it took longer than ${PATIENCE / 1000} s`)
    }, PATIENCE)
    child.stdin.on('error', () => {})
    child.stderr.on('data', (chunk: Buffer) => {
      said = `${said}${chunk.toString('utf8')}`.slice(0, 500)
    })
    child.stdout.once('data', () => {
      clearTimeout(timer)
      resolve()
    })
    child.once('error', (cause) => fail(cause.message))
    child.once('close', () => {
      clearTimeout(timer)
      fail(said.trim().replaceAll('\n', '; ') || 'mount said nothing')
    })
  })
}

/** Takes hold of the namespaces of a process and of the directories that it mounted. */
function held(place: string, pid: number): StackedTree {
  const descriptors: number[] = []
  const dispose = () => {
    for (const fd of descriptors.splice(0)) closeSync(fd)
  }
  const hold = (path: string, flags: number) => {
    descriptors.push(openSync(path, flags))
    return `/proc/${process.pid}/fd/${descriptors.at(-1)}`
  }
  try {
    const root = `/proc/${pid}/root${place}`
    const namespaces = {
      user: hold(`/proc/${pid}/ns/user`, constants.O_RDONLY),
      mount: hold(`/proc/${pid}/ns/mnt`, constants.O_RDONLY),
    }
    // With the dot at its end, lstat(2) sees the directory and not the link in /proc.
    const dir = `${hold(join(root, TREE), constants.O_RDONLY | constants.O_DIRECTORY)}/.`
    const written = `${hold(join(root, UPPER), constants.O_RDONLY | constants.O_DIRECTORY)}/.`
    const watch = watchSpace(written)
    const end = () => {
      watch.end()
      dispose()
    }
    return { dir, written, inside: join(place, TREE), namespaces, wasFull: watch.wasFull, dispose: end }
  } catch (cause) {
    dispose()
    throw new PpError('DISK_FAILED', 'the namespaces of the work tree could not be opened', { cause })
  }
}

const EVERY = 250

/** Looks at the free space from time to time, because a command may remove what filled it. */
function watchSpace(dir: string): { wasFull(): Promise<boolean>; end(): void } {
  let full = false
  const look = async () => {
    const seen = await statfs(dir).catch(() => null)
    if (seen !== null && (seen.bavail === 0 || seen.ffree === 0)) full = true
    return full
  }
  const timer = setInterval(look, EVERY).unref()
  return { wasFull: look, end: () => clearInterval(timer) }
}
