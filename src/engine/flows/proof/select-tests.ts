import { failingTests } from '../../core/failure/index.ts'
import { packageScriptOf, reportedFiles } from '../../core/found-judges/index.ts'
import type { Command, Target } from '../../model/command.ts'
import type { TestCase } from '../../model/evidence.ts'
import type { Runner } from '../../ports/runner.ts'
import type { Measurement } from '../measure/index.ts'
import type { Starting } from './baseline.ts'

/** More names than this make a command that nobody can read. */
export const MOST_SELECTED = 100

/** The parts of a session that tell how tests are selected. */
export type Selecting = Pick<Starting, 'objects' | 'base'>

/** The command of a red target with its failing tests alone, by their files if they are many; or why there is none. */
export async function selectedCommand(session: Selecting, red: Measurement): Promise<Command | string> {
  const { runner, target, tests } = red
  const failing = failingTests(tests)
  if (!runner || failing.length === 0) return 'no test runner says which tests fail'
  if (failing.length <= MOST_SELECTED) {
    const command = await commandForTests(session, runner, target, failing)
    return command ?? `git pp cannot make ${runner.kind} select the failing tests in this command`
  }
  const command = await commandForFiles(session, runner, target, await filesOf(session, red, failing))
  return command ?? `${failing.length} tests fail, which are too many to name, and their files cannot be selected`
}

/** The files in which these tests are, as far as the runner says it. */
async function filesOf(
  { objects, base }: Selecting,
  { tests, execution, target }: Measurement,
  failing: readonly TestCase[],
): Promise<readonly string[]> {
  const tracked = (await objects.list(base.tree)).map(({ path }) => path)
  return reportedFiles(execution, tests && { ...tests, tests: [...failing] }, target.cwd, tracked)
}

/** The command of a target for these tests; null: its runner cannot select them. */
export function commandForTests(
  session: Selecting,
  runner: Runner,
  target: Target,
  tests: readonly TestCase[],
): Promise<Command | null> {
  return narrowed(session, target, (command) => runner.select?.(command, tests) ?? null)
}

/** The command of a target for the tests of these files of the repository; null: its runner cannot select them. */
export async function commandForFiles(
  session: Selecting,
  runner: Runner,
  target: Target,
  files: readonly string[],
): Promise<Command | null> {
  const above = target.cwd === '' ? '' : `${target.cwd}/`
  const own = files.flatMap((file) => (file.startsWith(above) ? [file.slice(above.length)] : []))
  if (own.length === 0 || own.length < files.length) return null
  return narrowed(session, target, (command) => runner.selectFiles?.(command, own) ?? null)
}

type Narrow = (command: Command) => Command | null

/** The command itself, or the package script that it calls, if that is one call of the runner and gets its options at the end. */
async function narrowed(
  { objects, base }: Selecting,
  { command, cwd }: Target,
  narrow: Narrow,
): Promise<Command | null> {
  const direct = narrow(command)
  if (direct !== null) return direct
  const path = cwd === '' ? 'package.json' : `${cwd}/package.json`
  const found = (await objects.list(base.tree)).find((one) => one.path === path && one.mode.startsWith('100'))
  if (!found) return null
  const script = packageScriptOf(command, new TextDecoder().decode(await objects.read(found.oid)))
  if (script === null) return null
  const selected = narrow({ shell: script.line })
  if (selected === null || !('shell' in selected) || !selected.shell.startsWith(`${script.line} `)) return null
  return script.handingOn(selected.shell.slice(script.line.length + 1))
}
