import { utf8Bytes } from '../../core/bytes/index.ts'
import { diffStat } from '../../core/patch/index.ts'
import {
  broughtTests,
  type ChangeSplit,
  contentsOfSide,
  editsToBring,
  saidByJudges,
  splitChangeWithPrograms,
  splitInside,
} from '../../core/split/index.ts'
import type { Change } from '../../model/change.ts'
import type { Oid } from '../../model/oid.ts'
import type { Session } from '../session/index.ts'

/**
 * A change that exists. `commit`: the commit that makes the change and gets the notes as it is; null = a patch or uncommitted
 * work.
 */
export interface ExistingChange {
  readonly tree: Oid
  readonly commit: Oid | null
}

/** A change that is to be proved: its trees and its parts. */
export interface ChangeCandidate {
  readonly tree: Oid
  readonly changes: readonly Change[]
  readonly split: ChangeSplit
  /** The base with the tests that the change brings; this tree has to be red. */
  readonly redTree: Oid
}

/** The parts of a session that splitting a change uses. */
export type Splitting = Pick<Session, 'objects' | 'base' | 'judges' | 'judgeOf' | 'allowedBy' | 'targets'>

/**
 * Splits a change of the base. `supposing`: no run has shown yet which file is the program under test, so every file that the
 * command names may be it.
 */
export async function changeCandidate(session: Splitting, tree: Oid, supposing = false): Promise<ChangeCandidate> {
  const changes = await session.objects.changes(session.base.tree, tree)
  const read = (oid: Oid) => session.objects.read(oid)
  const isProgram = (path: string) =>
    supposing ? session.judges.has(path) : session.judges.get(path)?.judge === 'program'
  const split = await splitChangeWithPrograms(changes, session.judgeOf, isProgram, read)
  const said = async () =>
    saidByJudges(session.targets, await session.objects.list(session.base.tree), session.judgeOf, read)
  const parts = await splitInside(split, read, said)
  for (const { path, before } of parts.tests)
    if (before === null && session.judgeOf(path) === null)
      session.judges.set(path, { path, judge: 'test', why: 'the command names it' })
  const tests = broughtTests(parts, (path) => session.allowedBy(path) !== null)
  const brought = editsToBring(tests, parts.inside)
  const redTree = brought.size > 0 ? await session.objects.edit(session.base.tree, brought) : session.base.tree
  return { tree, changes, split: parts, redTree }
}

/** The strict patch of a change. */
export async function patchOf(
  session: Pick<Session, 'objects' | 'base'>,
  change: ChangeCandidate,
): Promise<Uint8Array> {
  return change.changes.length === 0 ? utf8Bytes('') : session.objects.patch(session.base.tree, change.tree)
}

/** The diffstat of a change, for people. */
export async function diffStatOf(
  { objects }: Pick<Session, 'objects'>,
  change: ChangeCandidate,
): Promise<ReturnType<typeof diffStat>> {
  const read = (oid: Oid) => objects.read(oid)
  const before = await contentsOfSide(change.changes, 'before', read)
  const after = await contentsOfSide(change.changes, 'after', read)
  const files = change.changes.map(({ path }) => ({
    path,
    before: before.get(path)?.bytes ?? null,
    after: after.get(path)?.bytes ?? null,
  }))
  return diffStat(files)
}
