import { patchId } from '../core/gitpatch/index.ts'
import type { Objects, PatchApplication, Patches } from '../ports/repository.ts'
import { patchedFiles } from './apply-in-memory.ts'
import type { GitContext } from './git-context.ts'
import { hasPlainId } from './plain-patch-id.ts'
import { gitMessage } from './run-git.ts'
import type { TemporaryIndexes } from './temporary-indexes.ts'

export function patches(gitContext: GitContext, temp: TemporaryIndexes, trees: Pick<Objects, 'edit'>): Patches {
  const byGit = (tree: string, patch: Uint8Array): Promise<PatchApplication> =>
    temp.with(tree, async (git) => {
      const ran = await git.run(['apply', '--cached', '--whitespace=nowarn', '-p1', '-'], { input: patch })
      if (ran.status !== 0) return { ok: false, reason: gitMessage(ran.stderr) }
      return { ok: true, tree: await git.text(['write-tree']) }
    })
  return {
    async apply(tree, patch) {
      await gitContext.weigh(tree)
      const files = await patchedFiles(gitContext, tree, patch)
      return files === null ? byGit(tree, patch) : { ok: true, tree: await trees.edit(tree, files) }
    },
    async id(patch) {
      if (hasPlainId(gitContext.place, patch)) return patchId(patch)
      const [id = ''] = (await gitContext.plain.text(['patch-id', '--stable'], { input: patch })).split(' ')
      return id === '' ? null : id
    },
  }
}
