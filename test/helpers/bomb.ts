import { createHash } from 'node:crypto'
import type { TestRepo } from './repo.ts'

export interface BombShape {
  /** How often each tree holds the next one, and how many trees there are. */
  readonly wide: number
  readonly deep: number
  /** What all of them come to in the end; a small blob where nothing is said. */
  readonly leaf?: { readonly mode: '40000' | '100644'; readonly oid: string }
  readonly name?: string
}

/** A tree of trees: `deep` small objects that come to `wide` to the power of `deep` paths, written by one process of git. */
export async function bomb(repo: TestRepo, { wide, deep, leaf, name = 'd' }: BombShape): Promise<string> {
  let { mode, oid } = leaf ?? { mode: '100644', oid: await repo.gitWith('boom\n', 'hash-object', '-w', '--stdin') }
  const format = oid.length === 40 ? 'sha1' : 'sha256'
  const trees: string[] = []
  for (let level = 0; level < deep; level++) {
    const names = Array.from({ length: wide }, (_, n) => (wide === 1 ? name : `${name}${n}`))
    const type = mode === '40000' ? 'tree' : 'blob'
    trees.push(names.map((one) => `${mode.padStart(6, '0')} ${type} ${oid}\t${one}\n`).join(''))
    const raw = Buffer.concat(
      names.map((one) => Buffer.concat([Buffer.from(`${mode} ${one}\0`), Buffer.from(oid, 'hex')])),
    )
    oid = createHash(format).update(`tree ${raw.length}\0`).update(raw).digest('hex')
    mode = '40000'
  }
  const made = await repo.gitWith(trees.join('\n'), 'mktree', '--batch', '--missing')
  if (made.trim().split('\n').at(-1) !== oid) throw new Error('the trees are not what they should be')
  return oid
}
