import { type FileClass, fileClassifier, newSources } from '../../core/file-classes/index.ts'
import { lookedAtByCommand } from '../../core/judges/index.ts'
import type { Change } from '../../model/change.ts'
import type { Session } from '../session/index.ts'

/** The parts of a session that tell what a changed file is to a verdict. */
export type Classifying = Pick<Session, 'objects' | 'judgeOf' | 'baseReads' | 'namesPath' | 'syntax' | 'targets'>

/** The files of a change, by class. */
export type ClassifiedChange = ReadonlyMap<string, FileClass>

/** Classifies the files of a change by what the run of the base read, and by what the changed product names. */
export async function classifyChange(
  { objects, judgeOf, baseReads, syntax, targets }: Classifying,
  changes: readonly Change[],
): Promise<ClassifiedChange> {
  const added = changes.flatMap(({ path, before }) => (before === null ? [path] : []))
  const lookedAt = lookedAtByCommand(
    targets,
    changes.map(({ path }) => path),
  )
  const classOf = (names: ReadonlySet<string>) =>
    fileClassifier({ judgeOf, reads: baseReads, isSource: syntax.knows, lookedAt, added: names })
  const isProduct = classOf(new Set(added))
  const texts = new Map<string, string>()
  if (baseReads.seen !== null && added.length > 0)
    for (const change of changes)
      if (change.after?.mode.startsWith('100') && isProduct(change) === 'product')
        texts.set(change.path, new TextDecoder().decode(await objects.read(change.after.oid)))
  const seen = [...(baseReads.seen ?? [])].filter((path) => judgeOf(path) === null)
  const classify = classOf(newSources(added, seen, texts, baseReads.redOutput))
  return new Map(changes.map((change) => [change.path, classify(change)]))
}

/** The paths of one class that neither the policy nor the user names. */
export function unnamedOf(
  { namesPath }: Pick<Session, 'namesPath'>,
  classes: ClassifiedChange,
  wanted: FileClass,
): readonly string[] {
  return [...classes].flatMap(([path, one]) => (one === wanted && !namesPath(path) ? [path] : []))
}

/** Whether a change has no file that the run of the base executes, and no other file of it is named. */
export function lacksProduct(session: Pick<Session, 'namesPath'>, classes: ClassifiedChange): boolean {
  const rest = [...classes].filter(([, one]) => one !== 'judge')
  return rest.length > 0 && rest.every(([path, one]) => one !== 'product' && !session.namesPath(path))
}
