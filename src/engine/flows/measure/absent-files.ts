import { namedByCommand } from '../../core/found-judges/index.ts'
import type { Target } from '../../model/command.ts'
import type { Reading, TestCase, TestReport } from '../../model/evidence.ts'
import type { Oid } from '../../model/oid.ts'
import type { FailuresInsteadOfTests } from '../../ports/runner.ts'
import type { Session } from '../session/index.ts'

/** What a run showed. `insteadOf`: failing ids that stand for a file and not for a test. */
interface Shown {
  readonly reading: Reading
  readonly tests: TestReport | null
  readonly insteadOf: FailuresInsteadOfTests
}

/**
 * The reading of a red whose command names files that the change adds and this tree lacks, if nothing else failed: such a red is
 * invalid, because there was nothing to run.
 */
export async function readingUnlessFileAbsent(
  { objects, alsoTree }: Pick<Session, 'objects' | 'alsoTree'>,
  tree: Oid,
  target: Target,
  { reading, tests, insteadOf }: Shown,
): Promise<Reading> {
  if (reading.is !== 'red' || alsoTree === null || alsoTree === tree) return reading
  const here = new Set((await objects.list(tree)).map(({ path }) => path))
  const others = (await objects.list(alsoTree)).flatMap(({ path }) => (here.has(path) ? [] : path))
  const named = namedByCommand([target], others).map(({ path }) => path)
  const failed = (tests?.tests ?? []).filter(({ outcome }) => outcome === 'failed' || outcome === 'error')
  const tells = passed(tests)
    ? failed.length > 0 && failed.every(({ id }) => named.some((path) => standsFor(id, path, insteadOf)))
    : failed.every((one) => named.some((path) => speaksOf(one, path)))
  const [first] = named
  if (first === undefined || !tells) return reading
  return {
    is: 'invalid',
    reason: `the command names ${first}, which does not exist without the change`,
    mend: 'name a command whose files exist both without and with the change',
  }
}

function passed(tests: TestReport | null): boolean {
  return tests !== null && tests.counts.passed + tests.counts.skipped > 0
}

/** 'tests/test_a.py', also without its ending, and as a module: 'tests.test_a'. */
function spellings(path: string): readonly string[] {
  const stem = path.replace(/\.\w+$/, '')
  return [path, stem, stem.replaceAll('/', '.')]
}

/** Some runners report a missing file as a failing test. */
function speaksOf({ id, message = '' }: TestCase, path: string): boolean {
  return spellings(path).some((name) => id.includes(name) || message.includes(name))
}

/**
 * Whether a failing id is that of the missing file itself. Where other tests ran, a message is not enough: a test that ran could have
 * written it.
 */
function standsFor(id: string, path: string, insteadOf: FailuresInsteadOfTests): boolean {
  const names = spellings(path)
  if (names.some((name) => id === name || id.startsWith(`${name} > `))) return true
  const [, stem = ''] = names
  return insteadOf.has(id) && id === stem.slice(stem.lastIndexOf('/') + 1)
}
