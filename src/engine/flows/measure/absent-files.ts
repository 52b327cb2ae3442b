import { namedByCommand } from '../../core/found-judges/index.ts'
import type { Target } from '../../model/command.ts'
import type { Reading, TestReport } from '../../model/evidence.ts'
import type { Oid } from '../../model/oid.ts'
import type { Session } from '../session/index.ts'

/**
 * The reading of a red without a passed or skipped test, whose command names a file that the change adds and this tree lacks:
 * such a red is invalid, because there was nothing to run.
 */
export async function readingUnlessFileAbsent(
  { objects, alsoTree }: Pick<Session, 'objects' | 'alsoTree'>,
  tree: Oid,
  target: Target,
  { reading, tests }: { readonly reading: Reading; readonly tests: TestReport | null },
): Promise<Reading> {
  if (reading.is !== 'red' || passed(tests) || alsoTree === null || alsoTree === tree) return reading
  const here = new Set((await objects.list(tree)).map(({ path }) => path))
  const others = (await objects.list(alsoTree)).flatMap(({ path }) => (here.has(path) ? [] : path))
  const [named] = namedByCommand([target], others)
  if (!named || !speaksOf(named.path, tests)) return reading
  return {
    is: 'invalid',
    reason: `the command names ${named.path}, which does not exist without the change`,
    mend: 'name a command whose files exist both without and with the change',
  }
}

function passed(tests: TestReport | null): boolean {
  return tests !== null && tests.counts.passed + tests.counts.skipped > 0
}

/** Some runners report a missing file as a failing test. */
function speaksOf(path: string, tests: TestReport | null): boolean {
  return (tests?.tests ?? []).every(({ id, message = '' }) => id.includes(path) || message.includes(path))
}
