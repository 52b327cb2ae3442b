import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import type { CommitFacts, History } from '../ports/repository.ts'
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

/** A raw commit object: header lines, an empty line, the message. */
export function parseCommit(oid: Oid, bytes: Uint8Array): CommitFacts {
  const cut = Buffer.from(bytes).indexOf('\n\n')
  const header = Buffer.from(bytes.subarray(0, cut === -1 ? bytes.length : cut)).toString('latin1')
  const lines = header.split('\n')
  const values = (key: string) =>
    lines.flatMap((line) => (line.startsWith(`${key} `) ? [line.slice(key.length + 1)] : []))
  const message = decode(cut === -1 ? new Uint8Array() : bytes.subarray(cut + 2), values('encoding')[0])
  const [tree] = values('tree')
  if (tree === undefined) throw new PpError('GIT_FAILED', `the commit ${oid} names no tree; see git fsck`)
  return { oid, tree, parents: values('parent'), subject: subjectOf(message), message }
}

/** As git shows it: the first paragraph on one line. */
function subjectOf(message: string): string {
  const [first = ''] = message.replace(/^\n+/, '').split(/\n\s*\n/)
  return first.trim().replaceAll('\n', ' ')
}

function decode(bytes: Uint8Array, encoding: string | undefined): string {
  try {
    return new TextDecoder(encoding ?? 'utf-8').decode(bytes)
  } catch {
    // An encoding that only the writer knew.
    return new TextDecoder('utf-8').decode(bytes)
  }
}
