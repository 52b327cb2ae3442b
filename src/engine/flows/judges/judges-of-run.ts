import { judgesToMount, listSomePaths, type WrittenJudges } from '../../core/judge-mounts/index.ts'
import type { Edits } from '../../model/change.ts'
import type { Oid } from '../../model/oid.ts'
import type { Session } from '../session/index.ts'

/** Which judges a run may write: `all`, only those that the `base` writes, or those that are `known` to be written. */
export type JudgeWriteAccess = 'all' | 'base' | 'known'

/** The judges of one run. */
export interface JudgesOfRun {
  readonly all: readonly string[]
  /** Those that may be written. */
  readonly free: readonly string[]
  /** Those that are mounted read-only. */
  readonly readOnly: readonly string[]
}

/** The parts of a session that are needed to decide which judges a run may write. */
export type Writing = Pick<Session, 'writable' | 'settings' | 'allowedBy'>

/** The judge files of a tree without those that the run itself replaces, and which of them the run may write. */
export async function judgesOfRun(
  session: Writing & Pick<Session, 'objects' | 'judgeOf'>,
  tree: Oid,
  { edits, writeAccess }: { readonly edits?: Edits | undefined; readonly writeAccess: JudgeWriteAccess },
): Promise<JudgesOfRun> {
  const known = writeAccess === 'all' ? [] : knownWrites(session, writeAccess)
  const all = (await session.objects.list(tree))
    .filter(({ mode, path }) => mode.startsWith('100') && !edits?.has(path) && session.judgeOf(path) !== null)
    .map(({ path }) => path)
  const isFree = (path: string) => writeAccess === 'all' || known.some((written) => written.has(path))
  return { all, free: all.filter(isFree), readOnly: judgesToMount(all.filter((path) => !isFree(path))) }
}

/**
 * The recorded writes that a run may repeat. 'known': those of the base and of the red tree. 'base': those of the base, and
 * those of the red tree to judges that may be changed.
 */
export function knownWrites(session: Writing, writeAccess: 'base' | 'known'): readonly WrittenJudges[] {
  const { base, red } = session.writable
  if (writeAccess === 'known') return [base, red]
  return [base, new Map([...red].filter(([path]) => mayChange(session, path)))]
}

/**
 * The record to which writes of a run of this tree to these judges belong. Null if the tree holds a change, which is not
 * trusted, and the policy does not let it change all of these judges.
 */
export function writesToRemember(session: Writing, tree: Oid, wrote: readonly string[]): WrittenJudges | null {
  const { by, red } = session.writable
  return by.get(tree) ?? (wrote.every((path) => mayChange(session, path)) ? red : null)
}

function mayChange({ settings, allowedBy }: Pick<Session, 'settings' | 'allowedBy'>, path: string): boolean {
  return settings.allowJudgeChanges || allowedBy(path) !== null
}

/** Judges that a round wrote, including those whose old content it restored. */
export function judgesWrittenIn(
  measurements: readonly { readonly judgesMoved: readonly string[] }[],
): readonly string[] {
  return [...new Set(measurements.flatMap(({ judgesMoved }) => judgesMoved))]
}

/** Why a run that may not write these judges decides nothing. */
export function judgeWriteRefusal(paths: readonly string[]): string {
  return `the command passes only if it may write ${listSomePaths([...paths].sort())}, which is a judge and which the run of the base does not write`
}
