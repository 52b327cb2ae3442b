import { lstat, mkdir, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { IncludedDependency, Workspace } from '../ports/workspace.ts'

/** Moves what a command left in a work tree to `into`, a new directory, and returns what is where. */
export async function keepLeftovers(workspace: Workspace, into: string): Promise<readonly IncludedDependency[]> {
  await mkdir(into, { mode: 0o700 })
  const kept: IncludedDependency[] = []
  for (const path of await workspace.leftovers()) {
    const facts = await lstat(join(workspace.dir, path))
    if (!facts.isDirectory() && !facts.isFile()) continue
    const source = join(into, path)
    await mkdir(dirname(source), { recursive: true })
    await rename(join(workspace.dir, path), source)
    kept.push({ path, source, directory: facts.isDirectory() })
  }
  return kept
}
