import { parseCommit } from '../core/gitobject/index.ts'
import type { CommitHistory } from '../ports/repository.ts'
import type { ObjectReading } from './git-context.ts'

/** The part of `CommitHistory` that needs no walk through history. */
export function commitReader({ cat, names }: ObjectReading): Pick<CommitHistory, 'resolve' | 'commit'> {
  return {
    async resolve(rev) {
      if (/^[-^]/.test(rev)) return null
      return (await names.find(`${rev}^{commit}`))?.oid ?? null
    },
    commit: async (oid) => parseCommit(oid, await cat.read(oid, 'commit')),
  }
}
