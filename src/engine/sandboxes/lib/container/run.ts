import { mkdir, mkdtemp, readFile, unlink, writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { PpError } from '../../../model/error.ts'
import type { Execution } from '../../../model/evidence.ts'
import { readSmall, removeTree } from '../../../platform/index.ts'
import type { ContainerWish, Job, SandboxHost } from '../../../ports/sandbox.ts'
import { limited, type Watch } from '../limited.ts'
import { pipes } from '../pipes.ts'
import { REPORTS_INSIDE } from '../plan.ts'
import { execute, inheritedDescriptors, type Spec } from '../process.ts'
import { openReports } from '../reports.ts'
import { HOME_APART, roomOf } from '../system.ts'
import { findTool, toolPath } from '../tools.ts'
import { type Cell, cellOf } from './cell.ts'
import type { Chosen } from './choose.ts'
import { createArgs } from './create.ts'
import { endInContainer } from './ended.ts'
import type { Facts } from './facts.ts'
import { type Limits, limitsOf, ranOutOfMemory } from './limits.ts'
import { type Runtime, removeContainer } from './runtime.ts'
import { withoutNamespaces } from './seccomp.ts'
import { startScript, travelling } from './start.ts'

/** All that the containers of a session have in common. */
export interface Fleet extends Chosen {
  readonly host: SandboxHost
  readonly limits: Limits
  /** Where the work tree stands inside. */
  readonly workdir: string
  /** Path of a seccomp profile; null = the runtime's own. */
  readonly seccomp: string | null
  /** Below the state directory: an empty file `<runtime>.<name>` for each container that may exist, for those who sweep. */
  readonly journal: string
  /** The argv that starts a container, but for its name. */
  readonly start: readonly string[]
  readonly common: Pick<Spec, 'clock' | 'env' | 'inherited' | 'status' | 'lifeline' | 'pipe'>
}

export async function openFleet(host: SandboxHost, wish: ContainerWish, chosen: Chosen): Promise<Fleet> {
  const { runtime, facts } = chosen
  const tools = toolPath(host)
  const journal = join(host.state, 'containers')
  await mkdir(journal, { recursive: true, mode: 0o700 })
  const setpriv = findTool(tools, 'setpriv')
  return {
    ...chosen,
    host,
    limits: limitsOf(host.bounds, facts.can, cpus().length),
    workdir: wish.workdir ?? host.checkout,
    seccomp: facts.seccomp === null ? null : await stricterSeccomp(facts.seccomp, host.state),
    journal,
    start: [
      ...(setpriv === null ? [] : [setpriv, '--pdeathsig', 'KILL', '--']),
      ...[runtime.program, 'start', '--attach', '--interactive'],
      ...(runtime.name === 'podman' ? ['--sig-proxy=false'] : []),
    ],
    common: {
      ...{ clock: host.clock, env: runtime.env, inherited: inheritedDescriptors(), status: false, lifeline: true },
      pipe: pipes(host.state, findTool(tools, 'mkfifo')),
    },
  }
}

/** Runs a job in a container of its own. Throws SETUP_FAILED, and SANDBOX_UNAVAILABLE when the container stays. */
export async function runIn(fleet: Fleet, job: Job): Promise<Execution> {
  const reports = await openReports(fleet.host.state, job.reportFiles)
  // Clients start in here too: podman's monitor leaves a file where its client was started.
  const dir = await mkdtemp(join(fleet.host.state, 'run-'))
  let cell: Cell | null = null
  try {
    cell = await cellOf(job, dir, reports.dir, fleet.workdir)
    const seen = await inContainer(fleet, job, cell)
    return { ...seen, reports: await reports.read() }
  } finally {
    cell?.removePoints()
    await removeTree(dir)
    await reports.dispose()
  }
}

/** What process 1 of a container writes down is a few words. Bytes. */
const MOST_SAID = 16 * 1024

/** Creates the container, runs it to its end and removes it, whatever happens. */
async function inContainer(fleet: Fleet, job: Job, cell: Cell): Promise<Omit<Execution, 'reports'>> {
  const { host, runtime } = fleet
  const name = `pp-${host.session}-${random(host, 4)}`
  const herald = `pp-${random(host, 16)}`
  const own = { HOME: HOME_APART, TMPDIR: '/tmp', PP_REPORTS: REPORTS_INSIDE, ...job.reportEnv?.(REPORTS_INSIDE) }
  await writeFile(cell.start, startScript(herald, { ...travelling(job.env), ...own }))
  const line = join(fleet.journal, `${runtime.name}.${name}`)
  let removed: Promise<void> | undefined
  const sweep = () => (removed ??= removeContainer(runtime, name).then(() => unlink(line)))
  await writeFile(line, '')
  try {
    // Not to be aborted: a daemon goes on creating what its client has given up.
    await runtime.ask(argsOf(fleet, job, cell, name), { cwd: cell.dir })
    const argv = [...fleet.start, name]
    const started = async (signal: AbortSignal) => {
      const spec = { ...job, ...fleet.common, argv, cwd: cell.dir, herald, sweep, signal }
      const { status, begun, ...seen } = await execute(spec)
      const said = await readSmall(cell.said, MOST_SAID)
      return { ...seen, ended: endInContainer(seen.ended, begun, status, Buffer.from(said ?? '').toString('utf8')) }
    }
    return await limited(host, job.signal, watchOf(fleet, cell), started)
  } finally {
    await sweep()
  }
}

/** A kill that nothing explains is told by the kernel's count: docker keeps no word of it once the container is gone. */
function watchOf({ host, limits }: Fleet, { dir }: Cell): Watch {
  const met = async () => ((await ranOutOfMemory(dir)) ? ('memory' as const) : null)
  return { met, killed: limits.enforced.memory ? host.bounds.memory : null }
}

function argsOf(fleet: Fleet, job: Job, { mounts }: Cell, name: string): readonly string[] {
  const { host, runtime, facts, image, limits, seccomp, workdir } = fleet
  return createArgs({
    ...{ runtime: runtime.name, name, session: host.session, image: image.id.replace(/^sha256:/, ''), seccomp, mounts },
    user: userOf(host, runtime, facts),
    limits: limits.args,
    network: job.network,
    room: roomOf(totalmem()),
    cwd: join(workdir, job.cwd),
    command: 'shell' in job.command ? ['/bin/sh', '-c', job.command.shell] : job.command.argv,
  })
}

/** What is made inside belongs to the caller outside. */
function userOf({ uid, gid }: SandboxHost, { name }: Runtime, { rootless }: Facts): readonly string[] {
  if (rootless && name === 'docker') return ['--user', '0:0']
  return [...(rootless ? ['--userns', 'keep-id'] : []), '--user', `${uid}:${gid}`]
}

async function stricterSeccomp(profile: string, state: string): Promise<string> {
  const path = join(state, 'seccomp.json')
  const stricter = await readFile(profile, 'utf8')
    .then((text) => withoutNamespaces(text, process.arch))
    .catch((cause: unknown) => {
      throw new PpError('SANDBOX_UNAVAILABLE', `the seccomp profile ${profile} cannot be read`, {
        cause,
        mend: 'reinstall the package that contains it',
      })
    })
  await writeFile(path, stricter)
  return path
}

function random(host: SandboxHost, bytes: number): string {
  return Buffer.from(host.clock.random(bytes)).toString('hex')
}
