import { createHash } from 'node:crypto'
import * as path from 'node:path'
import type { Edits } from '../model/change.ts'
import type { StackedTree } from '../ports/layering.ts'
import type { SyntheticGit, Workspace } from '../ports/workspace.ts'
import type { GitContext } from './git-context.ts'
import { pathOnDisk, writeEdits } from './paths-on-disk.ts'
import type { TreeContent } from './prepared-tree.ts'
import type { TemporaryIndexes } from './temporary-indexes.ts'
import {
  digestAt,
  type ExpectedFile,
  isUntouched,
  leftoversOf,
  restoreFiles,
  stampOf,
  withFreshCheckout,
} from './tree-layout.ts'
import { notIgnored, untrackedFiles } from './untracked-files.ts'
import { watchReads } from './watch-reads.ts'

/** Where the files of a work tree are, and what is known about them without reading them. */
export interface WorkspaceGround {
  readonly dir: string
  readonly stack: StackedTree | null
  readonly git: SyntheticGit
  /** The paths among `names` that may have been written; all of them in a plain directory. */
  suspects(names: readonly string[]): Promise<readonly string[]>
  dispose(): Promise<void>
}

/** A work tree over files that were laid out. */
export function workspaceOn(
  gitContext: GitContext,
  temp: TemporaryIndexes,
  { tree, layout, attributes }: TreeContent,
  { dir, stack, git, suspects, dispose }: WorkspaceGround,
): Workspace {
  const written = new Map<string, ExpectedFile>()
  const expected = (name: string) => (written.has(name) ? written.get(name) : layout.files.get(name)) ?? null
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
  return {
    tree,
    dir,
    stack,
    git,
    async write(edits: Edits) {
      await writeEdits(dir, edits)
      for (const [name, edit] of edits) written.set(name, edit === null ? null : { sha256: sha256(edit.bytes) })
    },
    async touched(all) {
      const paths = await suspects(all)
      const compare = async (fresh: string | null) => {
        const found = new Map<string, string>()
        for (const name of paths) {
          if (!(await isUntouched(gitContext, { dir, fresh }, name, expected(name))))
            found.set(name, await digestAt(pathOnDisk(dir, name)))
        }
        return found
      }
      const isFile = (name: string) => !written.has(name) && layout.files.get(name)?.mode.startsWith('100')
      return attributes.convert
        ? withFreshCheckout(gitContext, temp, { tree, names: paths.filter(isFile) }, compare)
        : compare(null)
    },
    stamps: async (paths) =>
      new Map(await Promise.all(paths.map(async (name) => [name, await stampOf(pathOnDisk(dir, name))] as const))),
    // Reading through a stack does not move the access times of its layers.
    watchReads: async () =>
      stack === null ? watchReads(dir, [...layout.files.values()], `${path.dirname(dir)}.probe`) : async () => null,
    restore: (paths) => restoreFiles(gitContext, temp, { tree, dir, layout }, paths),
    leftovers: () => leftoversOf(stack?.written ?? dir, layout, new Set(written.keys())),
    async untracked(wanted, rules) {
      const files = await untrackedFiles(stack?.written ?? dir, (name) => layout.files.has(name) || written.has(name))
      return notIgnored(gitContext, rules, files.filter(wanted))
    },
    dispose,
  }
}
