import type { CommitHistory } from '../ports/repository.ts'
import { writeCommit } from './commit-objects.ts'
import { commitReader } from './commit-reader.ts'
import type { GitContext } from './git-context.ts'
import type { GitIdentity } from './identity.ts'
import { gitError } from './run-git.ts'

export function history(gitContext: GitContext, ident: () => Promise<GitIdentity>): CommitHistory {
  const { user } = gitContext
  return {
    ...commitReader(gitContext),
    async mergeBase(a, b) {
      const ran = await user.run(['merge-base', a, b])
      if (ran.status === 1) return null
      if (ran.status !== 0) throw gitError(['merge-base'], ran)
      return ran.stdout.toString('utf8').split('\n')[0] ?? null
    },
    async range(from, to) {
      const text = await user.text(['rev-list', '--reverse', to, `^${from}`])
      return text === '' ? [] : text.split('\n')
    },
    async contained(tip, among) {
      const all = among.size === 0 ? '' : await user.text(['rev-list', tip])
      return all.split('\n').filter((oid) => among.has(oid))
    },
    write: async ({ tree, parents, message, at }) =>
      writeCommit(gitContext, { tree, parents, message, by: await ident(), at }),
  }
}
