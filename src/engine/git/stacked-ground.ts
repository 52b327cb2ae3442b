import { lstatSync } from 'node:fs'
import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { removeTree } from '../platform/index.ts'
import type { Layering, StackedTree } from '../ports/layering.ts'
import type { SyntheticGit } from '../ports/workspace.ts'
import type { WorkspaceGround } from './checkout-workspace.ts'
import { pathOnDisk, writeEdits } from './paths-on-disk.ts'
import type { TreeLayers } from './tree-layers.ts'
import { fileStamp } from './verify-base.ts'

/** Stacks the layers of a tree below `place`, under the directory `top` with the pointer to git. */
export async function stackedGround(
  layering: Layering,
  layers: TreeLayers,
  made: { readonly place: string; readonly top: string; readonly git: SyntheticGit; dispose(): Promise<void> },
): Promise<WorkspaceGround> {
  const { place, top, git } = made
  const stack = await layering.stack(place, [top, ...layers.layers])
  const dispose = async () => {
    stack.dispose()
    await removeTree(place)
    await made.dispose()
  }
  try {
    await writeEdits(stack.dir, new Map(layers.gone.map((name) => [name, null])))
  } catch (cause) {
    await dispose()
    throw cause
  }
  return { dir: stack.dir, stack, git, suspects: async (names) => suspectsIn(stack, layers, names), dispose }
}

/**
 * The files that are no longer those of their layer. A file that was written has another inode and another time of change,
 * which nobody can set; one that was not written is still the file whose content was compared.
 */
function suspectsIn(stack: StackedTree, layers: TreeLayers, names: readonly string[]): readonly string[] {
  return names.filter((name) => {
    const there = stampAt(stack.dir, name)
    return there === null || there !== (layers.stamp(name) ?? stampAt(layers.layerOf(name), name))
  })
}

function stampAt(dir: string, name: string): string | null {
  try {
    const stat = lstatSync(pathOnDisk(dir, name), { bigint: true, throwIfNoEntry: false })
    return stat ? fileStamp(stat) : null
  } catch {
    return null
  }
}

/** The directory for the pointer of a linked worktree, and for what belongs to it; made anew. */
export async function holderFor(stateDir: string, n: number): Promise<string> {
  const holder = path.join(stateDir, String(n))
  await fs.mkdir(holder, { recursive: true, mode: 0o700 })
  return fs.realpath(holder)
}
