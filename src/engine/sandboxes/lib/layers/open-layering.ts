import { mkdir, mkdtemp, open, readFile, rename, rm, rmdir, stat, unlink, writeFile } from 'node:fs/promises'
import { freemem } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { removeTree } from '../../../platform/index.ts'
import type { Layering, StackedTree, StackedTreeFacts } from '../../../ports/layering.ts'
import type { SandboxHost } from '../../../ports/sandbox.ts'
import { findTool } from '../find-tools.ts'
import { type StackTools, stackTree } from './stack.ts'

const Facts = z.strictObject({ renamesDirectories: z.boolean(), readersSeeWrites: z.boolean() })

/** The part of the free memory, and of a bound of memory, that one work tree may fill. */
const PART = 8

/** Stacked trees on this machine, if trying them shows that they work; null: they do not. */
export async function openLayering(
  host: Pick<SandboxHost, 'state' | 'bounds' | 'probes'>,
  tools: readonly string[],
): Promise<Layering | null> {
  const [unshare, sh, nsenter] = ['unshare', 'sh', 'nsenter'].map((name) => findTool(tools, name))
  if (process.platform !== 'linux' || !unshare || !sh || !nsenter) return null
  const programs: StackTools = { unshare, sh, path: tools.join(':') }
  const stack: Layering['stack'] = (place, layers) => stackTree(programs, place, layers, spaceFor(host))
  const { dev } = await stat(host.state)
  const { shown } = await host.probes.recall(`layers on device ${dev}`, [unshare, sh, nsenter], async () => {
    const facts = await tried(host.state, stack).catch(() => null)
    return facts && JSON.stringify(facts)
  })
  return shown === null ? null : { facts: Facts.parse(JSON.parse(shown)), stack }
}

/** What is written is kept in memory and counts towards the memory of the command, so it gets only a part. */
function spaceFor({ bounds }: Pick<SandboxHost, 'bounds'>): number {
  const memory = Math.floor(Math.min(freemem(), bounds.memory ?? Number.POSITIVE_INFINITY) / PART)
  return Math.min(memory, bounds.disk ?? Number.POSITIVE_INFINITY)
}

/** Does in a small tree what programs do in work trees. Null: something does not work as in a plain directory. */
async function tried(state: string, stack: Layering['stack']): Promise<StackedTreeFacts | null> {
  const dir = await mkdtemp(join(state, 'layers-'))
  try {
    const [below, above] = [join(dir, 'below'), join(dir, 'above')]
    await mkdir(join(below, 'd/e'), { recursive: true })
    await mkdir(above)
    await writeFile(join(below, 'd/f'), 'lower\n')
    await writeFile(join(above, 'g'), 'upper\n')
    const tree = await stack(join(dir, 'stack'), [above, below])
    try {
      return await behaviour(tree, below)
    } finally {
      tree.dispose()
    }
  } finally {
    await removeTree(dir)
  }
}

async function behaviour({ dir, written }: StackedTree, below: string): Promise<StackedTreeFacts | null> {
  const at = (name: string) => join(dir, name)
  if ((await stat(at('d/f'))).ino !== (await stat(join(below, 'd/f'))).ino) return null
  if ((await readFile(at('g'), 'utf8')) !== 'upper\n') return null
  const renamesDirectories = await rename(at('d/e'), at('e')).then(
    () => true,
    () => false,
  )
  const readersSeeWrites = await readerSeesWrite(at('d/f'))
  // A directory that is made again must not show what was in it before; without extended attributes this fails.
  await rm(at('d'), { recursive: true })
  await mkdir(at('d'))
  await writeFile(at('d/h'), 'new\n')
  await rename(at('d'), at('i'))
  await unlink(at('g'))
  const left = await readFile(join(written, 'i/h'), 'utf8')
  await rmdir(at('e')).catch(() => {})
  const lower = await readFile(join(below, 'd/f'), 'utf8')
  return left === 'new\n' && lower === 'lower\n' ? { renamesDirectories, readersSeeWrites } : null
}

async function readerSeesWrite(path: string): Promise<boolean> {
  const reader = await open(path, 'r')
  try {
    await writeFile(path, 'later\n')
    return (await reader.readFile('utf8')) === 'later\n'
  } finally {
    await reader.close()
  }
}
