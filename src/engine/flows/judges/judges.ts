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

/** The judge files of a tree, but for those that a run replaces itself, and what a run may do to them. */
export async function judgesOf(
  session: Pick<Session, 'objects' | 'judgeOf' | 'writable'>,
  tree: Oid,
  { edits, freedom }: { readonly edits?: Edits | undefined; readonly freedom: Freedom },
): Promise<Judges> {
  const { base, red } = session.writable
  const all = (await session.objects.list(tree))
    .filter(({ mode, path }) => mode.startsWith('100') && !edits?.has(path) && session.judgeOf(path) !== null)
    .map(({ path }) => path)
  const isFree = (path: string) => freedom === 'all' || base.has(path) || (freedom === 'known' && red.has(path))
  return { all, free: all.filter(isFree), readOnly: mounted(all.filter((path) => !isFree(path))) }
}

/** Where a write of a run of this tree is to be remembered; null: the tree holds a change that is not to be believed. */
export function mayLearn({ writable, settings }: Pick<Session, 'writable' | 'settings'>, tree: Oid): Written | null {
  return writable.by.get(tree) ?? (settings.allowJudgeChanges ? writable.red : null)
}

/** Judges that a round wrote, put back or not. */
export function movedIn(measurements: readonly { readonly judgesMoved: readonly string[] }[]): readonly string[] {
  return [...new Set(measurements.flatMap(({ judgesMoved }) => judgesMoved))]
}

/** Why a run that may not write these judges decides nothing. */
export function refusal(paths: readonly string[]): string {
  return `it passes only where it may write ${some([...paths].sort())}, which decides and which the base's own run does not write`
}

/** What is to be typed after such a refusal. */
export const MEND_REFUSAL =
  'let the test write to a temporary directory, or, if the change may touch what decides, say tests: {allow_changes: true} in pp.yaml'
