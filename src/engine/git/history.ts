import { parseCommit } from '../core/gitobject/index.ts'
import { PpError } from '../model/error.ts'
import type { CommitHistory } from '../ports/repository.ts'
import type { GitContext } from './git-context.ts'
import { type GitIdentity, identEnv } from './identity.ts'
import { gitError } from './run-git.ts'

export function history(gitContext: GitContext, ident: () => Promise<GitIdentity>): CommitHistory {
  const { user, plain, cat } = gitContext
  return {
    async resolve(rev) {
      if (/^[-^]|^$|\0/.test(rev)) return null
      const ran = await user.run(['rev-parse', '--verify', '--quiet', '--end-of-options', `${rev}^{commit}`])
      const oid = ran.stdout.toString('utf8').trim()
      return ran.status === 0 && /^[0-9a-f]{40,64}$/.test(oid) ? oid : null
    },
    commit: async (oid) => parseCommit(oid, await cat.read(oid, 'commit')),
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
    async write({ tree, parents, message, at }) {
      if (message.includes('\0')) throw new PpError('INTERNAL', 'a commit message cannot hold a NUL byte')
      const args = ['commit-tree', ...parents.flatMap((parent) => ['-p', parent]), '-F', '-', tree]
      return plain.text(args, { input: message, env: identEnv(await ident(), at) })
    },
  }
}
