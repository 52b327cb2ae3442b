import { isAbsolute, join } from 'node:path'
import { type Needs, needsOf } from '../../core/doctor/index.ts'
import { commandEnvironment } from '../../core/environment/index.ts'
import { type Checked, note, ok } from '../../model/checkup.ts'
import { spell, type Target } from '../../model/command.ts'
import type { Execution } from '../../model/evidence.ts'
import { isBare } from '../../model/kinds.ts'
import type { Caller } from '../../model/options.ts'
import type { Sandbox } from '../../ports/sandbox.ts'
import type { Include, Workspace } from '../../ports/workspace.ts'
import { openSessionDir } from '../../state/index.ts'
import { findIncludes, type Ground, redactorOf, withoutKey } from '../../wiring/index.ts'
import type { Begun } from '../base-and-policy.ts'

/** Prints where a shell finds each word, a line each; empty where it finds none. */
const WHERE = 'for p; do command -v -- "$p" || echo; done'
/** The same for what npx finds without asking anybody. */
const WHERE_BIN =
  'd=$PWD; while :; do [ -x "$d/node_modules/.bin/$1" ] && echo "$d/node_modules/.bin/$1" && exit; [ "$d" = / ] && exit; d=$(dirname "$d"); done'
/** Found, and not imported: whatever it would do on import stays undone. */
const MODULE = 'import importlib.util as u, sys; print(u.find_spec(sys.argv[1].split(".")[0]) and "found" or "")'
const PATIENCE = 20_000

interface Bench {
  readonly run: (target: Target, argv: readonly string[]) => Promise<Execution>
  readonly top: string
  readonly includes: readonly Include[]
  /** What is missing may be made by setup, which `doctor` does not run. */
  readonly hasSetup: boolean
}

/** Whether the programs of every target and separate command are there inside of the sandbox, and start. */
export async function commandChecks(
  caller: Caller,
  ground: Ground,
  begun: Begun,
  sandbox: Sandbox,
): Promise<readonly Checked[]> {
  const { policy, base } = begun
  const { repository } = ground
  const targets = [...policy.targets, ...policy.verify.also]
  if (targets.length === 0) return []
  // Without a sandbox, even a program that only tells its version could be one of the project's.
  if (isBare(sandbox.kind))
    return [note('without a sandbox, doctor starts no program, so it cannot tell whether the commands would start')]
  const { includes, absent } = await findIncludes(repository, base.tree, policy.worktree, {
    typed: [],
    unasked: true,
  })
  const env = commandEnvironment(withoutKey(caller.env, policy), policy.env.allow).variables
  const redactor = await redactorOf(caller.env, includes, policy.worktree.setupEnv)
  const dir = await openSessionDir(ground.state, ground.id)
  let workspace: Workspace | null = null
  try {
    workspace = await repository.workspaces(dir.path).open(base.tree)
    const shared = { workspace, env, includes, redactor, signal: caller.signal, readOnly: [], network: policy.network }
    const run: Bench['run'] = ({ cwd }, argv) =>
      sandbox.run({
        ...shared,
        command: { argv: [...argv] },
        cwd,
        timeoutMs: PATIENCE,
        limit: 'per-command',
        maxOutputBytes: 8192,
      })
    const bench = { run, top: repository.place.top, includes, hasSetup: policy.worktree.setup !== null }
    const checks: Checked[] = absent.map((path) =>
      note(`worktree.include of the policy names ${path}, but this checkout does not have it`),
    )
    for (const target of targets) checks.push(...(await checkTarget(bench, target)))
    return checks
  } finally {
    await workspace?.dispose()
    await dir.remove()
  }
}

async function checkTarget(bench: Bench, target: Target): Promise<readonly Checked[]> {
  const needs = needsOf(target.command)
  const head = `${target.name}: ${spell(target.command)}`
  if (needs.programs.length === 0)
    return [note(`${head}: only a shell can tell which program this line starts, so it was not checked`)]
  const missing = await missingOf(bench, target, needs)
  if (missing.length > 0) return missing.map((text) => lacking(bench, `${head}: ${text}`))
  const [first = ''] = await linesOf(bench.run(target, ['sh', '-c', WHERE, 'pp', ...needs.programs]))
  if (!isAbsolute(first) || !startable(bench, first))
    return [ok(`${head}: the program exists inside the sandbox (${first})`)]
  const { ended, stdout } = await bench.run(target, [first, '--version'])
  if (ended.how === 'not-run') return [lacking(bench, `${head}: ${ended.reason}`)]
  if (ended.how === 'exited' && (ended.code === 126 || ended.code === 127))
    return [lacking(bench, `${head}: ${first} cannot be started inside the sandbox (exit status ${ended.code})`)]
  const said = ended.how === 'exited' && ended.code === 0 ? (textOf(stdout.kept).trim().split('\n')[0] ?? '') : ''
  return [ok(`${head}: ${first} starts inside the sandbox${said === '' ? '' : ` (${said.slice(0, 80)})`}`)]
}

async function missingOf(bench: Bench, target: Target, { programs, modules, bins }: Needs): Promise<string[]> {
  const found = await linesOf(bench.run(target, ['sh', '-c', WHERE, 'pp', ...programs]))
  const missing = programs
    .filter((_, at) => (found[at] ?? '') === '')
    .map((name) => `the program ${name} does not exist inside the sandbox`)
  if (missing.length > 0) return missing
  for (const { python, name } of modules) {
    const [said = ''] = await linesOf(bench.run(target, [python, '-c', MODULE, name]))
    if (said !== 'found') missing.push(`${python} has no module ${name} inside the sandbox`)
  }
  for (const bin of bins) {
    const [at = ''] = await linesOf(bench.run(target, ['sh', '-c', WHERE_BIN, 'pp', bin]))
    if (at === '') missing.push(`no node_modules directory has the program ${bin}`)
  }
  return missing
}

/** Programs of the machine and of dependencies; a file of the tree may do anything but tell its version. */
function startable({ top, includes }: Bench, path: string): boolean {
  const below = (dir: string) => path.startsWith(`${dir}/`)
  return !below(top) || includes.some((include) => below(join(top, include.path)))
}

function lacking({ hasSetup }: Bench, text: string): Checked {
  if (hasSetup) return note(`${text}; worktree.setup may install it, but doctor does not run setup`)
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
