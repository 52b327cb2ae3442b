import type { Patches } from '../ports/repository.ts'
import { words } from './exec.ts'
import type { Ground } from './ground.ts'
import type { Indexes } from './indexes.ts'

export function patches(ground: Ground, temp: Indexes): Patches {
  return {
    apply: (tree, patch) =>
      temp.with(tree, async (git) => {
        const ran = await git.run(['apply', '--cached', '--whitespace=nowarn', '-p1', '-'], { input: patch })
        if (ran.status !== 0) return { ok: false, reason: words(ran.stderr) }
        return { ok: true, tree: await git.text(['write-tree']) }
      }),
    async id(patch) {
      const [id = ''] = (await ground.plain.text(['patch-id', '--stable'], { input: patch })).split(' ')
      return id === '' ? null : id
    },
  }
}
