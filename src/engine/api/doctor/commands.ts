import { isAbsolute, join } from 'node:path'
import { type CommandRequirements, requirementsOf } from '../../core/doctor/index.ts'
import { commandEnvironment } from '../../core/environment/index.ts'
import { spellCommand, type Target } from '../../model/command.ts'
import { type DoctorFinding, noteFinding, okFinding } from '../../model/doctor.ts'
import type { Execution } from '../../model/evidence.ts'
import { isBare } from '../../model/kinds.ts'
import type { Caller } from '../../model/options.ts'
import type { Sandbox } from '../../ports/sandbox.ts'
import type { IncludedDependency, Workspace } from '../../ports/workspace.ts'
import { openSessionDir } from '../../state/index.ts'
import { findIncludes, type OpenRepository, redactorOf, trackedWords, withoutKeyVariable } from '../../wiring/index.ts'
import type { BaseWithPolicy } from '../base-and-policy.ts'

/** Prints where a shell finds each word, one on each line; an empty line if it finds none. */
const WHERE = 'for p; do command -v -- "$p" || echo; done'
/** The same for a program that npx finds without downloading anything. */
const WHERE_BIN =
  'd=$PWD; while :; do [ -x "$d/node_modules/.bin/$1" ] && echo "$d/node_modules/.bin/$1" && exit; [ "$d" = / ] && exit; d=$(dirname "$d"); done'
/** Finds a module without importing it, so that none of its code runs. */
const MODULE = 'import importlib.util as u, sys; print(u.find_spec(sys.argv[1].split(".")[0]) and "found" or "")'
const PATIENCE = 20_000

interface CommandProbe {
  readonly run: (target: Target, argv: readonly string[]) => Promise<Execution>
  readonly top: string
  readonly includes: readonly IncludedDependency[]
  /** Setup, which `doctor` does not run, may provide what is missing. */
  readonly hasSetup: boolean
}

/** Whether the programs of every target and separate command are there inside of the sandbox, and start. */
export async function commandChecks(
  caller: Caller,
  openRepo: OpenRepository,
  begun: BaseWithPolicy,
  sandbox: Sandbox,
): Promise<readonly DoctorFinding[]> {
  const { policy, base } = begun
  const { repository } = openRepo
  const targets = [...policy.targets, ...policy.verify.also]
  if (targets.length === 0) return []
  // Without a sandbox, even asking a program for its version could run code of the project.
  if (isBare(sandbox.kind))
    return [
      noteFinding('without a sandbox, doctor starts no program, so it cannot tell whether the commands would start'),
    ]
  const { includes, absent } = await findIncludes(repository, base.tree, policy.worktree, {
    typed: [],
    unasked: true,
  })
  const env = commandEnvironment(withoutKeyVariable(caller.env, policy), policy.env.allow).variables
  const redactor = await redactorOf(caller.env, includes, policy.worktree.setupEnv, trackedWords(repository, base))
  const dir = await openSessionDir(openRepo.state, openRepo.id)
  let workspace: Workspace | null = null
  try {
    workspace = await repository.workspaces(dir.path).open(base.tree)
    const shared = { workspace, env, includes, redactor, signal: caller.signal, readOnly: [], network: policy.network }
    const run: CommandProbe['run'] = ({ cwd }, argv) =>
      sandbox.run({
        ...shared,
        command: { argv: [...argv] },
        cwd,
        timeoutMs: PATIENCE,
        limit: 'per-command',
        maxOutputBytes: 8192,
      })
    const commandProbe = { run, top: repository.place.top, includes, hasSetup: policy.worktree.setup !== null }
    const checks: DoctorFinding[] = absent.map((path) =>
      noteFinding(`worktree.include of the policy names ${path}, but this checkout does not have it`),
    )
    for (const target of targets) checks.push(...(await checkTarget(commandProbe, target)))
    return checks
  } finally {
    await workspace?.dispose()
    await dir.remove()
  }
}

async function checkTarget(commandProbe: CommandProbe, target: Target): Promise<readonly DoctorFinding[]> {
  const needs = requirementsOf(target.command)
  const head = `${target.name}: ${spellCommand(target.command)}`
  if (needs.programs.length === 0)
    return [noteFinding(`${head}: only a shell can tell which program this line starts, so it was not checked`)]
  const missing = await missingOf(commandProbe, target, needs)
  if (missing.length > 0) return missing.map((text) => lacking(commandProbe, `${head}: ${text}`))
  const [first = ''] = await linesOf(commandProbe.run(target, ['sh', '-c', WHERE, 'pp', ...needs.programs]))
  if (!isAbsolute(first) || !startable(commandProbe, first))
    return [okFinding(`${head}: the program exists inside the sandbox (${first})`)]
  const { ended, stdout } = await commandProbe.run(target, [first, '--version'])
  if (ended.how === 'not-run') return [lacking(commandProbe, `${head}: ${ended.reason}`)]
  if (ended.how === 'exited' && (ended.code === 126 || ended.code === 127))
    return [lacking(commandProbe, `${head}: ${first} cannot be started inside the sandbox (exit status ${ended.code})`)]
  const said = ended.how === 'exited' && ended.code === 0 ? (textOf(stdout.kept).trim().split('\n')[0] ?? '') : ''
  return [okFinding(`${head}: ${first} starts inside the sandbox${said === '' ? '' : ` (${said.slice(0, 80)})`}`)]
}

async function missingOf(
  commandProbe: CommandProbe,
  target: Target,
  { programs, modules, bins }: CommandRequirements,
): Promise<string[]> {
  const found = await linesOf(commandProbe.run(target, ['sh', '-c', WHERE, 'pp', ...programs]))
  const missing = programs
    .filter((_, at) => (found[at] ?? '') === '')
    .map((name) => `the program ${name} does not exist inside the sandbox`)
  if (missing.length > 0) return missing
  for (const { python, name } of modules) {
    const [said = ''] = await linesOf(commandProbe.run(target, [python, '-c', MODULE, name]))
    if (said !== 'found') missing.push(`${python} has no module ${name} inside the sandbox`)
  }
  for (const bin of bins) {
    const [at = ''] = await linesOf(commandProbe.run(target, ['sh', '-c', WHERE_BIN, 'pp', bin]))
    if (at === '') missing.push(`no node_modules directory has the program ${bin}`)
  }
  return missing
}

/**
 * Whether a program may be started: one of the machine or of a dependency. A file of the tree could do more than print its
 * version.
 */
function startable({ top, includes }: CommandProbe, path: string): boolean {
  const below = (dir: string) => path.startsWith(`${dir}/`)
  return !below(top) || includes.some((include) => below(join(top, include.path)))
}

function lacking({ hasSetup }: CommandProbe, text: string): DoctorFinding {
  if (hasSetup) return noteFinding(`${text}; worktree.setup may install it, but doctor does not run setup`)
  return {
    level: 'problem',
    text,
    mend: 'install it, or name the ignored directory that has it: git pp run --include PATH',
    code: 'SETUP_FAILED',
  }
}

async function linesOf(execution: Promise<Execution>): Promise<readonly string[]> {
  const { ended, stdout } = await execution
  return ended.how === 'exited' ? textOf(stdout.kept).split('\n') : []
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8')
}
