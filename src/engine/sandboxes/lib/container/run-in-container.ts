import { mkdir, mkdtemp, readFile, unlink, writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { PpError } from '../../../model/error.ts'
import type { Execution } from '../../../model/evidence.ts'
import { readSmall, removeTree } from '../../../platform/index.ts'
import type { ContainerRequest, SandboxHost, SandboxJob } from '../../../ports/sandbox.ts'
import { findTool, toolPath } from '../find-tools.ts'
import { inheritedDescriptors } from '../inherited-descriptors.ts'
import { REPORTS_INSIDE } from '../mount-plan.ts'
import { makePipes } from '../pipes.ts'
import { openReportDirectory } from '../reports.ts'
import { type ProcessSpecification, runProcess } from '../run-process.ts'
import { type BoundWatch, runWithinBounds } from '../run-within-bounds.ts'
import { HOME_APART, memoryFileSystemSize } from '../system-mounts.ts'
import type { ChosenRuntime } from './choose-runtime.ts'
import { type ContainerLimits, containerLimitsOf, ranOutOfMemory } from './container-limits.ts'
import { createArgs } from './create-arguments.ts'
import { endInContainer } from './ended.ts'
import { type ContainerRunFiles, containerRunFilesOf } from './run-files.ts'
import { type ContainerRuntime, removeContainer } from './runtime.ts'
import type { RuntimeFacts } from './runtime-facts.ts'
import { withoutNamespaces } from './seccomp.ts'
import { forwardedEnvironment, startScript } from './start-script.ts'

/** What all containers of a session share. */
export interface SessionContainers extends ChosenRuntime {
  readonly host: SandboxHost
  readonly limits: ContainerLimits
  /** The path of the work tree inside. */
  readonly workdir: string
  /** The path of a seccomp profile; null = the default of the runtime. */
  readonly seccomp: string | null
  /**
   * A directory below the state directory, with an empty file `<runtime>.<name>` for each container that may exist. A
   * sweep of dead sessions reads it.
   */
  readonly journal: string
  /** The arguments that start a container, without its name. */
  readonly start: readonly string[]
  readonly common: Pick<ProcessSpecification, 'clock' | 'env' | 'inherited' | 'status' | 'lifeline' | 'pipe'>
}

export async function openSessionContainers(
  host: SandboxHost,
  wish: ContainerRequest,
  chosen: ChosenRuntime,
): Promise<SessionContainers> {
  const { runtime, facts } = chosen
  const tools = toolPath(host)
  const journal = join(host.state, 'containers')
  await mkdir(journal, { recursive: true, mode: 0o700 })
  const setpriv = findTool(tools, 'setpriv')
  return {
    ...chosen,
    host,
    limits: containerLimitsOf(host.bounds, facts.can, cpus().length),
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
      pipe: makePipes(host.state, findTool(tools, 'mkfifo')),
    },
  }
}

/** Runs a job in its own container. Throws SETUP_FAILED, and SANDBOX_UNAVAILABLE if the container cannot be removed. */
export async function runInContainer(containers: SessionContainers, job: SandboxJob): Promise<Execution> {
  const reports = await openReportDirectory(containers.host.state, job.reportFiles)
  // Clients also start in this directory: podman's monitor leaves a file in the directory in which its client was started.
  const dir = await mkdtemp(join(containers.host.state, 'run-'))
  let confinedRun: ContainerRunFiles | null = null
  try {
    confinedRun = await containerRunFilesOf(job, dir, reports.dir, containers.workdir)
    const seen = await inContainer(containers, job, confinedRun)
    return { ...seen, reports: await reports.read() }
  } finally {
    confinedRun?.removePoints()
    await removeTree(dir)
    await reports.dispose()
  }
}

/** In bytes. Process 1 of a container writes only a few words. */
const MOST_SAID = 16 * 1024

/** Creates the container, runs it to its end, and removes it in every case. */
async function inContainer(
  containers: SessionContainers,
  job: SandboxJob,
  confinedRun: ContainerRunFiles,
): Promise<Omit<Execution, 'reports'>> {
  const { host, runtime } = containers
  const name = `pp-${host.session}-${random(host, 4)}`
  const startMarker = `pp-${random(host, 16)}`
  const own = { HOME: HOME_APART, TMPDIR: '/tmp', PP_REPORTS: REPORTS_INSIDE, ...job.reportEnv?.(REPORTS_INSIDE) }
  await writeFile(confinedRun.start, startScript(startMarker, { ...forwardedEnvironment(job.env), ...own }))
  const line = join(containers.journal, `${runtime.name}.${name}`)
  let removed: Promise<void> | undefined
  const sweep = () => (removed ??= removeContainer(runtime, name).then(() => unlink(line)))
  await writeFile(line, '')
  try {
    // This call must not be aborted, because a daemon goes on creating a container after its client has given up.
    await runtime.ask(argsOf(containers, job, confinedRun, name), { cwd: confinedRun.dir })
    const argv = [...containers.start, name]
    const started = async (signal: AbortSignal) => {
      const spec = { ...job, ...containers.common, argv, cwd: confinedRun.dir, startMarker, sweep, signal }
      const { status, begun, ...seen } = await runProcess(spec)
      const said = await readSmall(confinedRun.said, MOST_SAID)
      return { ...seen, ended: endInContainer(seen.ended, begun, status, Buffer.from(said ?? '').toString('utf8')) }
    }
    return await runWithinBounds(host, job.signal, watchOf(containers, confinedRun), started)
  } finally {
    await sweep()
  }
}

/**
 * An unexplained kill is checked with the kernel's counter, because docker keeps no information after the container is
 * removed.
 */
function watchOf({ host, limits }: SessionContainers, { dir }: ContainerRunFiles): BoundWatch {
  const met = async () => ((await ranOutOfMemory(dir)) ? ('memory' as const) : null)
  return { met, killed: limits.enforced.memory ? host.bounds.memory : null }
}

function argsOf(
  containers: SessionContainers,
  job: SandboxJob,
  { mounts }: ContainerRunFiles,
  name: string,
): readonly string[] {
  const { host, runtime, facts, image, limits, seccomp, workdir } = containers
  return createArgs({
    ...{ runtime: runtime.name, name, session: host.session, image: image.id.replace(/^sha256:/, ''), seccomp, mounts },
    user: userOf(host, runtime, facts),
    limits: limits.args,
    network: job.network,
    room: memoryFileSystemSize(totalmem()),
    cwd: join(workdir, job.cwd),
    command: 'shell' in job.command ? ['/bin/sh', '-c', job.command.shell] : job.command.argv,
  })
}

/** Files that are created inside must belong to the caller outside. */
function userOf({ uid, gid }: SandboxHost, { name }: ContainerRuntime, { rootless }: RuntimeFacts): readonly string[] {
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
