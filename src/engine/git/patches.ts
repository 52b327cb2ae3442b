import type { Patches } from '../ports/repository.ts'
import type { GitContext } from './git-context.ts'
import { gitMessage } from './run-git.ts'
import type { TemporaryIndexes } from './temporary-indexes.ts'

export function patches(gitContext: GitContext, temp: TemporaryIndexes): Patches {
  return {
    apply: (tree, patch) =>
      temp.with(tree, async (git) => {
        const ran = await git.run(['apply', '--cached', '--whitespace=nowarn', '-p1', '-'], { input: patch })
        if (ran.status !== 0) return { ok: false, reason: gitMessage(ran.stderr) }
        return { ok: true, tree: await git.text(['write-tree']) }
      }),
    async id(patch) {
      const [id = ''] = (await gitContext.plain.text(['patch-id', '--stable'], { input: patch })).split(' ')
      return id === '' ? null : id
    },
  }
}
