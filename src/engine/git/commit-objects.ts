import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import { missingObject } from './cat-file.ts'
import type { GitContext } from './git-context.ts'
import type { GitIdentity } from './identity.ts'

/** A commit that is written by one person at one moment, in UTC. */
export interface NewCommit {
  readonly tree: Oid
  readonly parents: readonly Oid[]
  readonly message: string
  readonly by: GitIdentity
  readonly at: Date
}

/** Writes what `git commit-tree` would write, and like it only on a tree and parents that are here. */
export async function writeCommit(
  { cat, writer }: Pick<GitContext, 'cat' | 'writer'>,
  commit: NewCommit,
): Promise<Oid> {
  const { tree, parents, message, by, at } = commit
  if (message.includes('\0')) throw new PpError('INTERNAL', 'a commit message cannot hold a NUL byte')
  const named = [{ oid: tree, type: 'tree' }, ...parents.map((oid) => ({ oid, type: 'commit' }))]
  for (const [nth, header] of (await Promise.all(named.map(({ oid }) => cat.info(oid)))).entries()) {
    const { oid, type } = named[nth] ?? { oid: tree, type: 'tree' }
    if (header?.type !== type) throw missingObject(oid, type, header)
  }
  const person = `${by.name} <${by.email}> ${Math.floor(at.getTime() / 1000)} +0000`
  const lines = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${person}`,
    `committer ${person}`,
  ]
  const text = message === '' || message.endsWith('\n') ? message : `${message}\n`
  const [oid = ''] = await writer.write('commit', [Buffer.from(`${lines.join('\n')}\n\n${text}`)])
  return oid
}
