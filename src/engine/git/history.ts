import { parseCommit } from '../core/gitobject/index.ts'
import { PpError } from '../model/error.ts'
import type { History } from '../ports/repository.ts'
import { failed } from './exec.ts'
import type { Ground } from './ground.ts'
import { type Ident, identEnv } from './ident.ts'

export function history(ground: Ground, ident: () => Promise<Ident>): History {
  const { user, plain, cat } = ground
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
      if (ran.status !== 0) throw failed(['merge-base'], ran)
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
