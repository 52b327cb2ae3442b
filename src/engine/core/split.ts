import type { Change, TreeEdits } from '../model/change.ts'

/** What a path is to a verdict; null = product. `added`: the base does not have it. */
export type JudgeOf = (
  path: string,
  context?: { readonly added?: boolean },
) => 'test' | 'config' | 'ci' | 'policy' | null

/** A change taken apart: what it says and what would judge it. */
export interface Split {
  readonly product: readonly Change[]
  /** Test files that the change adds, edits or takes away: with these the base must be red. */
  readonly tests: readonly Change[]
  /** All other judges that it touches: configuration of tests and runners, CI. */
  readonly other: readonly Change[]
}

export function split(changes: readonly Change[], judgeOf: JudgeOf): Split {
  const judged = changes.map((change) => ({ change, judge: judgeOf(change.path, { added: change.before === null }) }))
  const of = (wanted: (judge: string | null) => boolean) =>
    judged.filter(({ judge }) => wanted(judge)).map(({ change }) => change)
  return {
    product: of((judge) => judge === null),
    tests: of((judge) => judge === 'test'),
    other: of((judge) => judge !== null && judge !== 'test'),
  }
}

/** Every judge that a change touches, a test that it adds included: all that could have bought its green. */
export function bought({ tests, other }: Split): readonly Change[] {
  return [...tests, ...other]
}

export type ReadBlob = (oid: string) => Promise<Uint8Array>

/** Edits that put each change's `side` in place. */
export function edits(changes: readonly Change[], side: 'before' | 'after'): TreeEdits {
  return new Map(changes.map((change) => [change.path, change[side]]))
}

/** What stands there on one side: of a link where it leads, of a submodule which commit, as git shows it. */
export async function contents(
  changes: readonly Change[],
  side: 'before' | 'after',
  read: ReadBlob,
): Promise<ReadonlyMap<string, { readonly bytes: Uint8Array; readonly mode: '100644' | '100755' } | null>> {
  const all = changes.map(async ({ path, [side]: end }) => {
    if (end === null) return [path, null] as const
    const gitlink = () => new TextEncoder().encode(`Subproject commit ${end.oid}\n`)
    const bytes = end.mode === '160000' ? gitlink() : await read(end.oid)
    return [path, { bytes, mode: end.mode === '100755' ? '100755' : '100644' }] as const
  })
  return new Map(await Promise.all(all))
}
