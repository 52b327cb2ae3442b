import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Repository } from '../git/repository.ts'
import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import type { Include } from '../ports/workspace.ts'

/** Dependency directories that are taken along when they are there and not part of the tree. */
const DEPENDENCIES = ['.venv', 'venv', 'node_modules', 'vendor', '.tox'] as const
const MAX_DEPTH = 3

/** What stands beside the tree and has to be there for commands to run: what was named, and the usual dependency directories. */
export async function findIncludes(
  repository: Repository,
  tree: Oid,
  named: readonly string[],
  defaults: boolean,
): Promise<readonly Include[]> {
  const { top } = repository.place
  const tracked = (await repository.objects.list(tree)).map(({ path }) => path)
  const directories = new Set(tracked.flatMap(parents))
  const files = new Set(tracked)
  const found = new Map<string, Include>()
  for (const path of named) {
    const facts = await lstat(join(top, path)).catch(() => null)
    if (!facts?.isDirectory() && !facts?.isFile())
      throw new PpError('USAGE', `cannot include ${path}: there is no such file or directory in ${top}`)
    if (files.has(path) || directories.has(path))
      throw new PpError('USAGE', `${path} is part of the tree: it need not be included`)
    found.set(path, { path, source: join(top, path), directory: facts.isDirectory() })
  }
  const roots = ['', ...directories].filter((dir) => dir.split('/').length <= MAX_DEPTH)
  for (const dir of defaults ? roots : []) {
    for (const name of DEPENDENCIES) {
      const path = dir === '' ? name : `${dir}/${name}`
      if (found.has(path) || files.has(path) || directories.has(path)) continue
      const facts = await lstat(join(top, path)).catch(() => null)
      if (facts?.isDirectory()) found.set(path, { path, source: join(top, path), directory: true })
    }
  }
  return [...found.values()]
}

function parents(path: string): string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'))
}
