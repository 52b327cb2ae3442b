import { importedFiles } from '../../core/context/index.ts'
import { type FileClass, fileClassifier, missingAmong, newSources } from '../../core/file-classes/index.ts'
import { lookedAtByCommand } from '../../core/found-judges/index.ts'
import { isSourceFile } from '../../core/paths/index.ts'
import type { Change } from '../../model/change.ts'
import type { Session } from '../session/index.ts'

/** At most this many judges are read to find what they import, and at most this many bytes of any file. */
const MOST_JUDGES = 500
const MOST_BYTES = 262_144

/** The parts of a session that tell what a changed file is to a verdict. */
export type Classifying = Pick<
  Session,
  'objects' | 'base' | 'judgeOf' | 'baseReads' | 'namesPath' | 'syntax' | 'targets'
>

/** The files of a change, by class. */
export type ClassifiedChange = ReadonlyMap<string, FileClass>

/** Classifies the files of a change by what the run of the base read, and by what the changed product names. */
export async function classifyChange(
  { objects, base, judgeOf, baseReads, syntax, targets }: Classifying,
  changes: readonly Change[],
): Promise<ClassifiedChange> {
  const added = changes.flatMap(({ path, before }) => (before === null ? [path] : []))
  const lookedAt = lookedAtByCommand(
    targets,
    changes.map(({ path }) => path),
  )
  const shell = await shellCodeAmong({ objects, judgeOf, baseReads, syntax }, changes)
  const isSource = (path: string) => syntax.knows(path) || shell.has(path)
  const classOf = (names: ReadonlySet<string>) =>
    fileClassifier({ judgeOf, reads: baseReads, isSource, lookedAt, added: names })
  const isProduct = classOf(new Set(added))
  const texts = new Map<string, string>()
  if (baseReads.seen !== null && added.length > 0)
    for (const change of changes)
      if (change.after?.mode.startsWith('100') && isProduct(change) === 'product')
        texts.set(change.path, new TextDecoder().decode(await objects.read(change.after.oid)))
  const seen = [...(baseReads.seen ?? [])].filter((path) => judgeOf(path) === null)
  const names = newSources(added, seen, texts, baseReads.redOutput)
  const byJudges = await importedByJudges({ objects, base, judgeOf, baseReads }, names)
  const classify = classOf(new Set([...names].filter((path) => !byJudges.has(path))))
  return new Map(changes.map((change) => [change.path, classify(change)]))
}

/**
 * Files that were read and that are shell code in the base, whatever their names: a shell sources configuration and
 * completions of any name.
 */
async function shellCodeAmong(
  { objects, judgeOf, baseReads, syntax }: Pick<Classifying, 'objects' | 'judgeOf' | 'baseReads' | 'syntax'>,
  changes: readonly Change[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  for (const { path, before } of changes) {
    if (!before?.mode.startsWith('100') || !baseReads.seen?.has(path)) continue
    if (judgeOf(path) !== null || syntax.knows(path) || isSourceFile(path)) continue
    const bytes = await objects.read(before.oid)
    if (bytes.length > MOST_BYTES || bytes.includes(0)) continue
    if (await syntax.isShell(new TextDecoder().decode(bytes))) found.add(path)
  }
  return found
}

/**
 * Added files that judges of the base import, although the run of the base did not miss them. It took something else in their
 * place, so they change what the judges do, whether or not product names them.
 */
async function importedByJudges(
  { objects, base, judgeOf, baseReads }: Pick<Classifying, 'objects' | 'base' | 'judgeOf' | 'baseReads'>,
  added: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const imported = new Set<string>()
  if (added.size === 0 || !baseReads.testsRan) return imported
  const files = await objects.list(base.tree)
  const judges = files.filter(({ path, mode }) => mode.startsWith('100') && isReadJudge(path)).slice(0, MOST_JUDGES)
  const paths = [...files.map(({ path }) => path), ...added]
  const missed = missingAmong([...added], baseReads.redOutput)
  for (const { path, oid } of judges) {
    const text = new TextDecoder().decode((await objects.read(oid)).subarray(0, MOST_BYTES))
    for (const one of importedFiles(text, path, paths)) if (added.has(one) && !missed.has(one)) imported.add(one)
  }
  return imported

  function isReadJudge(path: string): boolean {
    return judgeOf(path) !== null && baseReads.seen?.has(path) === true
  }
}

/** The paths of one class that neither the policy nor the user names. */
export function unnamedOf(
  { namesPath }: Pick<Session, 'namesPath'>,
  classes: ClassifiedChange,
  wanted: FileClass,
): readonly string[] {
  return [...classes].flatMap(([path, one]) => (one === wanted && !namesPath(path) ? [path] : []))
}

/**
 * Whether a change has neither a file that the run of the base executes nor one that is named. Source that the run did not
 * read counts as executed: it may be that only the tests of the change reach it.
 */
export function lacksProduct(session: Pick<Session, 'namesPath'>, classes: ClassifiedChange): boolean {
  const rest = [...classes].filter(([, one]) => one !== 'judge')
  return (
    rest.length > 0 &&
    rest.every(
      ([path, one]) => one !== 'product' && !(one === 'not seen' && isSourceFile(path)) && !session.namesPath(path),
    )
  )
}
