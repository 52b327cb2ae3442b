import type { Trace } from '../../model/trace.ts'
import type { Session } from '../session/index.ts'

/**
 * Learns from traced runs of the base which files decide besides the judges: data that a judge reads, whoever else reads it, and
 * files whose fixtures and hooks the test runner calls. A trace cannot take a judge away.
 */
export async function judgesShownByTrace(
  { objects, base, judgeOf, baseReads }: Pick<Session, 'objects' | 'base' | 'judgeOf' | 'baseReads'>,
  traces: readonly Trace[],
): Promise<void> {
  const tracked = new Set((await objects.list(base.tree)).map(({ path }) => path))
  const isOpen = (path: string) => tracked.has(path) && judgeOf(path) === null
  for (const path of traces.flatMap((trace) => trace.calledByRunner)) if (isOpen(path)) baseReads.byRunner.add(path)
  for (const { path, by } of traces.flatMap(({ reads }) => reads))
    if (isOpen(path) && (judgeOf(by) !== null || baseReads.byRunner.has(by))) baseReads.byJudges.set(path, by)
}
