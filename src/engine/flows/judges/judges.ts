import { mounted, some, type Written } from '../../core/judge-mounts/index.ts'
import type { Edits } from '../../model/change.ts'
import type { Oid } from '../../model/oid.ts'
import type { Session } from '../session/index.ts'

/** Which judges a run may write: `all`, only those that the `base` writes, or those that are `known` to be written. */
export type Freedom = 'all' | 'base' | 'known'

/** The judges of one run. */
export interface Judges {
  readonly all: readonly string[]
  /** Those that may be written. */
  readonly free: readonly string[]
  /** Those that are mounted read-only. */
  readonly readOnly: readonly string[]
}

/** What deciding which judges a run may write uses. */
export type Writing = Pick<Session, 'writable' | 'settings' | 'allowedBy'>

/** The judge files of a tree, but for those that a run replaces itself, and what a run may do to them. */
export async function judgesOf(
  session: Writing & Pick<Session, 'objects' | 'judgeOf'>,
  tree: Oid,
  { edits, freedom }: { readonly edits?: Edits | undefined; readonly freedom: Freedom },
): Promise<Judges> {
  const known = freedom === 'all' ? [] : knownWrites(session, freedom)
  const all = (await session.objects.list(tree))
    .filter(({ mode, path }) => mode.startsWith('100') && !edits?.has(path) && session.judgeOf(path) !== null)
    .map(({ path }) => path)
  const isFree = (path: string) => freedom === 'all' || known.some((written) => written.has(path))
  return { all, free: all.filter(isFree), readOnly: mounted(all.filter((path) => !isFree(path))) }
}

/** What runs wrote, as far as it counts for a run; where judges may be changed, they may be written in every run. */
export function knownWrites(session: Writing, freedom: 'base' | 'known'): readonly Written[] {
  const { base, red } = session.writable
  if (freedom === 'known') return [base, red]
  return [base, new Map([...red].filter(([path]) => mayChange(session, path)))]
}

/**
 * Where writes of a run of this tree to these judges are to be remembered; null: the tree holds a change that is not to be believed,
 * and nobody let it touch all of them.
 */
export function mayLearn(session: Writing, tree: Oid, wrote: readonly string[]): Written | null {
  const { by, red } = session.writable
  return by.get(tree) ?? (wrote.every((path) => mayChange(session, path)) ? red : null)
}

function mayChange({ settings, allowedBy }: Pick<Session, 'settings' | 'allowedBy'>, path: string): boolean {
  return settings.allowJudgeChanges || allowedBy(path) !== null
}

/** Judges that a round wrote, put back or not. */
export function movedIn(measurements: readonly { readonly judgesMoved: readonly string[] }[]): readonly string[] {
  return [...new Set(measurements.flatMap(({ judgesMoved }) => judgesMoved))]
}

/** Why a run that may not write these judges decides nothing. */
export function refusal(paths: readonly string[]): string {
  return `the command passes only if it may write ${some([...paths].sort())}, which is a judge and which the run of the base does not write`
}
