import type { Change, Edits } from '../model/change.ts'

/** What a path is to a verdict; null = product. `added`: the base does not have it. */
export type JudgeOf = (
  path: string,
  context?: { readonly added?: boolean },
) => 'test' | 'config' | 'ci' | 'policy' | null

/** A change taken apart: what it says and what would judge it. */
export interface Split {
  readonly product: readonly Change[]
  /** Test files that the change adds or edits: with these the base must be red. */
  readonly tests: readonly Change[]
  /** All other judges that it touches: deleted tests, configuration of tests and runners, CI. */
  readonly other: readonly Change[]
}

export function split(changes: readonly Change[], judgeOf: JudgeOf): Split {
  const judged = changes.map((change) => ({ change, judge: judgeOf(change.path, { added: change.before === null }) }))
  const brings = (change: Change, judge: string | null) => judge === 'test' && change.after !== null
  return {
    product: judged.filter(({ judge }) => judge === null).map(({ change }) => change),
    tests: judged.filter(({ change, judge }) => brings(change, judge)).map(({ change }) => change),
    other: judged.filter(({ change, judge }) => judge !== null && !brings(change, judge)).map(({ change }) => change),
  }
}

/** Judges that the base has and the change does not leave alone, or that run before any test: all that could have bought the green. */
export function bought({ tests, other }: Split): readonly Change[] {
  return [...tests.filter((change) => change.before !== null), ...other]
}

export type ReadBlob = (oid: string) => Promise<Uint8Array>

/** Edits that put each change's `side` in place. */
export async function edits(changes: readonly Change[], side: 'before' | 'after', read: ReadBlob): Promise<Edits> {
  const map = new Map<string, { bytes: Uint8Array; mode: '100644' | '100755' } | null>()
  for (const change of changes) {
    const file = change[side]
    const mode = file?.mode === '100755' ? '100755' : '100644'
    map.set(change.path, file ? { bytes: await read(file.oid), mode } : null)
  }
  return map
}
