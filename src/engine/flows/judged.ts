import { namedByCommand } from '../core/judges/command.ts'
import { checks, complaintOf } from '../core/judges/program.ts'
import { reportedFiles } from '../core/judges/reported.ts'
import type { Measurement, Round } from './round.ts'
import type { Session } from './session.ts'

/**
 * What a red run shows of who judges: files in which a runner says that failing tests stand, and, where the run was of the base
 * alone, the one file that the command names and that its interpreter, compiler or linter complains of, which is the program.
 */
export async function learnJudges(session: Session, round: Round): Promise<void> {
  const { judges } = session
  const tracked = (await session.objects.list(session.base.tree)).map(({ path }) => path)
  const red = round.measurements.filter(({ reading }) => reading.is === 'red')
  for (const { execution, tests, target } of red)
    for (const path of reportedFiles(execution, tests, target.cwd, tracked))
      if (session.judgeOf(path) === null && !(await holdsOwnTests(session, path)))
        judges.set(path, { path, judge: 'test', why: 'a failing test stands in it' })
  if (round.tree !== session.base.tree || round.measurements.some(counted)) return
  const programs = new Set(await Promise.all(red.map((one) => programOf(session, one, tracked))))
  const [path] = programs
  if (programs.size !== 1 || path === undefined || path === null) return
  judges.set(path, { path, judge: 'program', why: 'the command runs it, and it is what fails' })
}

/** A file that is product and tests in one is no judge as a whole. */
async function holdsOwnTests(session: Session, path: string): Promise<boolean> {
  return (await textOf(session, path)).includes('import.meta.vitest')
}

function counted({ tests }: Measurement): boolean {
  return tests !== null && Object.values(tests.counts).some((count) => count > 0)
}

async function programOf(
  session: Session,
  { execution, target }: Measurement,
  tracked: readonly string[],
): Promise<string | null> {
  const run = new Set(namedByCommand(session.targets, tracked).flatMap(({ path, runs }) => (runs ? [path] : [])))
  const place = complaintOf(execution, target.cwd, tracked, (path) => run.has(path))
  if (place === null || session.judges.get(place.path)?.judge !== 'test') return null
  return checks(await textOf(session, place.path), place.line) ? null : place.path
}

async function textOf(session: Session, path: string): Promise<string> {
  const entry = (await session.objects.list(session.base.tree)).find((one) => one.path === path)
  return entry === undefined ? '' : new TextDecoder().decode(await session.objects.read(entry.oid))
}
