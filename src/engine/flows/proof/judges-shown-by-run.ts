import { reportedFiles } from '../../core/found-judges/index.ts'
import { assertsAt, hasAssertion, onlyDiagnosticOf } from '../../core/program-under-test/index.ts'
import type { Measurement, Round } from '../measure/index.ts'
import type { Session } from '../session/index.ts'
import { judgesOfConfiguration } from './judges-of-configuration.ts'

/** The parts of a session that are needed to learn which files are judges. */
type Learning = Pick<
  Session,
  'objects' | 'base' | 'baseReads' | 'targets' | 'named' | 'judgeOf' | 'inspector' | 'judges' | 'doubts'
>

/**
 * Learns from a run which files are judges: from what is red in it, or from all of a green one. A file in which, as the runner
 * says, a test is becomes a test. If the run was of the base alone, the one file that the command names becomes the program under test, if its interpreter, compiler
 * or linter complains about it, or if it has no assertion and hangs.
 */
export async function judgesShownByRun(session: Learning, round: Round): Promise<void> {
  const { judges } = session
  await judgesOfConfiguration(session)
  const tracked = (await session.objects.list(session.base.tree)).map(({ path }) => path)
  const red = round.measurements.filter(({ reading }) => reading.is === 'red')
  for (const { execution, tests, target } of red.length > 0 ? red : round.measurements)
    for (const path of reportedFiles(execution, tests, target.cwd, tracked))
      if (session.judgeOf(path) === null && !(await holdsOwnTests(session, path)))
        judges.set(path, { path, judge: 'test', why: 'a test is in it' })
  for (const one of red) if (!counted(one)) await doubt(session, one)
  if (round.tree !== session.base.tree || round.measurements.some(counted)) return
  const programs = new Set(await Promise.all(red.map((one) => programOf(session, one, tracked))))
  const [path] = programs
  if (programs.size !== 1 || path === undefined || path === null) return
  judges.set(path, { path, judge: 'program', why: 'the command runs it, and the failure is in it' })
}

/** Remembers files where the failure is on an assertion, and which are not known to be judges. */
async function doubt({ doubts, inspector, ...session }: Learning, { execution, target }: Measurement): Promise<void> {
  for (const { path, line, role } of inspector.places(execution, target.cwd).slice(0, 20)) {
    if (role !== 'fail' || line === null || session.judgeOf(path) !== null) continue
    const text = (await textOf(session, path)).split('\n')[line - 1] ?? ''
    if (/\bassert/i.test(text)) doubts.add(path)
  }
}

/** A file that holds both product and tests is not treated as a judge. */
async function holdsOwnTests(session: Pick<Session, 'objects' | 'base'>, path: string): Promise<boolean> {
  return (await textOf(session, path)).includes('import.meta.vitest')
}

function counted({ tests }: Measurement): boolean {
  return tests !== null && Object.values(tests.counts).some((count) => count > 0)
}

async function programOf(
  session: Learning,
  { execution, target }: Measurement,
  tracked: readonly string[],
): Promise<string | null> {
  const run = new Set(session.named.flatMap(({ path, how }) => (how === 'only' || how === 'led' ? [] : [path])))
  const [only, second] = run
  if (hangs(execution)) {
    const alone = only !== undefined && second === undefined && session.judges.get(only)?.judge === 'test'
    return alone && !hasAssertion(await textOf(session, only)) ? only : null
  }
  const place = onlyDiagnosticOf(execution, target.cwd, tracked, (path) => run.has(path))
  if (place === null || session.judges.get(place.path)?.judge !== 'test') return null
  if (session.named.some(({ path, how }) => path === place.path && how === 'led')) return null
  return assertsAt(await textOf(session, place.path), place.line) ? null : place.path
}

/**
 * Whether the run took longer than the time given by the caller. A file without assertions that hangs says nothing else about
 * itself.
 */
function hangs({ ended }: Measurement['execution']): boolean {
  return ended.how === 'timed-out' && ended.limit === 'hang-after'
}

async function textOf(session: Pick<Session, 'objects' | 'base'>, path: string): Promise<string> {
  const entry = (await session.objects.list(session.base.tree)).find((one) => one.path === path)
  return entry === undefined ? '' : new TextDecoder().decode(await session.objects.read(entry.oid))
}
