import { readdirSync } from 'node:fs'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { hostname, totalmem } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { printedText } from '../../core/bytes/index.ts'
import { crashed } from '../../core/invalid-red/index.ts'
import { PpError } from '../../model/error.ts'
import type { Execution } from '../../model/evidence.ts'
import { removeTree } from '../../platform/index.ts'
import type { Layering } from '../../ports/layering.ts'
import type { EnforcedRestrictions, Sandbox, SandboxHost, SandboxJob, SandboxSelfTest } from '../../ports/sandbox.ts'
import { boundedExecution } from './bounded-execution.ts'
import { checkFromOutside } from './checks/check-outside.ts'
import { CHECKED } from './checks/check-script.ts'
import { copyIncludes } from './copy-includes.ts'
import { findTool, isInside, toolPath } from './find-tools.ts'
import { hostsFile } from './host-name.ts'
import { inheritedDescriptors } from './inherited-descriptors.ts'
import { endUnderInit } from './init-script.ts'
import { inspectPath, symlinkedProgramDirectories } from './inspect-path.ts'
import { enterArgv } from './layers/enter.ts'
import { openLayering } from './layers/open-layering.ts'
import type { Mount } from './mount.ts'
import { GIT_INSIDE, mountPlan, REPORTS_INSIDE } from './mount-plan.ts'
import { type MountPointSupport, makeMountPoints, supportOf } from './mount-point-support.ts'
import { mountPoints } from './mountinfo.ts'
import { catchSetupFailure } from './not-run.ts'
import { pathState, startIn } from './path-state.ts'
import { makePipes } from './pipes.ts'
import { openReportDirectory } from './reports.ts'
import { foreignProgramOf } from './seccomp/foreign-program.ts'
import { onceTested, tryEscapeRoutes } from './self-test.ts'
import { homeInside, SYSTEM } from './system-mounts.ts'

/** One run, ready for the backend. */
export interface ConfinedRun {
  readonly mounts: readonly Mount[]
  readonly support: ReadonlyMap<Mount, MountPointSupport>
  /** A private directory of this run on this machine; not visible inside unless mounted. */
  readonly dir: string
  /** The directory inside in which the command starts. */
  readonly cwd: string
  readonly network: 'deny' | 'allow'
  /** A random word that only this run knows. */
  readonly word: string
  /** A path of this machine that exists and that the plan does not show; '' if there is none. */
  readonly hidden: string
  /** Arguments before a program that has to see the work tree. */
  readonly enter: readonly string[]
  /** The command; a name without '/' is looked for on PATH inside. */
  readonly command: readonly string[]
  /** Variables that affect every program that starts, as NAME=VALUE; they are set only for the command. */
  readonly lastEnv: readonly string[]
  /** Arguments that set bounds for the program after them; they come before the last step. */
  readonly bounds: readonly string[]
}

/** What a backend adds to a plan. */
export interface ConfinementTool {
  readonly kind: string
  readonly version: string
  /** The programs that build it, by absolute path. */
  readonly programs: readonly string[]
  /** Whether commands run under the filter of system calls. */
  readonly syscalls: boolean
  /**
   * The arguments that build the file tree of `confinedRun` and run its command; descriptor 3 gets the same reports as from
   * INIT and the last step.
   */
  confine(confinedRun: ConfinedRun): readonly string[]
  /**
   * `line` is what a run wrote to descriptor 3. True if the set-up failed, and another attempt will do without the part that
   * failed.
   */
  yields(confinedRun: ConfinedRun, line: string): boolean
}

const WALLS = {
  network: true,
  filesystem: true,
  home: true,
  processes: true,
  atCheckoutPath: true,
  judgesReadOnly: true,
} satisfies Partial<EnforcedRestrictions>

/** A sandbox that follows a plan; shared by bubblewrap and unshare. */
export async function confinedSandbox(host: SandboxHost, confiner: ConfinementTool): Promise<Sandbox> {
  const tools = toolPath(host)
  const [cp = null, nsenter = null] = ['cp', 'nsenter'].map((name) => findTool(tools, name))
  const bounds = await boundedExecution(host, tools, true)
  const memory = Math.min(totalmem(), host.bounds.memory ?? Number.POSITIVE_INFINITY)
  const machine = { look: inspectPath, etc: readdirSync('/etc'), memory }
  const names = hostsFile(await readFile('/etc/hosts', 'utf8').catch(() => ''), hostname())
  const programs = programsOf(host)
  const points = mountPoints()
  const pipe = makePipes(host.state, findTool(tools, 'mkfifo'))
  const ours = { cwd: '/', clock: host.clock, pipe, inherited: inheritedDescriptors() }

  /** What the command will see; the private files it needs are made in `dir`. */
  async function planned(job: SandboxJob, dir: string, reports: string): Promise<readonly Mount[]> {
    const [pointer, hosts] = [join(dir, 'dotgit'), join(dir, 'hosts')]
    await writeFile(pointer, `gitdir: ${GIT_INSIDE}\n`)
    await writeFile(hosts, names)
    const near = job.includes.flatMap((include) => programsNear(join(include.source, 'bin')))
    const there = (path: string) => pathState(job.workspace.dir, path)
    return mountPlan({ host, machine, programs: [...programs, ...near], job, standing: there, reports, pointer, hosts })
  }

  async function attempt(job: SandboxJob): Promise<Execution> {
    const reports = await openReportDirectory(host.state, job.reportFiles)
    const dir = await mkdtemp(join(host.state, 'run-'))
    let removePoints = () => {}
    try {
      const mounts = await planned(job, dir, reports.dir)
      const support = supportOf(mounts, host.checkout)
      removePoints = makeMountPoints(
        job.workspace.dir,
        host.checkout,
        mounts.filter((mount) => support.get(mount) === 'tree'),
      )
      const { env, lastEnv } = environment(job, host, tools)
      const cwd = join(host.checkout, job.cwd)
      const word = Buffer.from(host.clock.random(16)).toString('hex')
      const confinedRun = {
        mounts,
        support,
        dir,
        cwd,
        network: job.network,
        word,
        hidden: isShown(dir, mounts) ? '' : dir,
        enter: enterArgv(nsenter, job.workspace),
        command: argvOf(job),
        lastEnv,
        bounds: bounds.inside,
      }
      const argv = confiner.confine(confinedRun)
      const intended = { mounts, network: job.network, points, state: host.state }
      const gate = {
        opens: `${CHECKED} ${word}`,
        check: (pid: number) => checkFromOutside(pid, intended),
        answer: word,
      }
      const { status, ...seen } = await bounds.execute({ ...job, ...ours, argv, env, gate })
      if (confiner.yields(confinedRun, status)) return await attempt(job)
      const ended = endUnderInit(seen.ended, status)
      const execution = { ...seen, ended, reports: await reports.read() }
      return confiner.syscalls ? await withForeignProgram(job, execution) : execution
    } finally {
      removePoints()
      await removeTree(dir)
      await reports.dispose()
    }
  }
  async function run(job: SandboxJob): Promise<Execution> {
    const execution = await catchSetupFailure(job, host.clock, async () => {
      startIn(job)
      if (job.includesWritable) await copyIncludes(job.workspace, job.includes, cp, job.signal)
      return attempt(job)
    })
    if (execution.ended.how === 'not-run') await host.probes.forget()
    return execution
  }
  let layers: Promise<Layering | null> | undefined
  const layering = () => (layers ??= openLayering(host, tools))
  const selfTest = onceTested(() => tryEscapeRoutes(host, run).then(assertNothingReachable))
  const { kind, version, syscalls, programs: checkedPrograms } = confiner
  return {
    kind,
    version,
    checkedPrograms,
    homeDirectories: true,
    enforces: { ...WALLS, syscalls, ...bounds.enforces },
    layering,
    selfTest,
    run,
  }
}

/** Whether a path of this machine has the same name inside because a directory above it is shown. */
function isShown(path: string, mounts: readonly Mount[]): boolean {
  return mounts.some((mount) => mount.is === 'bind' && mount.from === mount.at && isInside(path, mount.at))
}

/** Adds the program of another architecture that may have crashed because the filter answers none of its system calls. */
async function withForeignProgram(job: SandboxJob, execution: Execution): Promise<Execution> {
  const output = printedText(execution)
  if (!crashed(execution.ended, output)) return execution
  return { ...execution, foreign: await foreignProgramOf(job, output) }
}

/** Throws SANDBOX_UNAVAILABLE where something outside could be reached. */
export function assertNothingReachable(test: SandboxSelfTest): SandboxSelfTest {
  const open = [test.loopback === 'open' && 'a loopback port', test.unixSocket === 'open' && 'a unix socket'].filter(
    Boolean,
  )
  if (open.length === 0) return test
  throw new PpError(
    'SANDBOX_UNAVAILABLE',
    `the sandbox leaks: ${open.join(' and ')} of this machine can be reached from inside`,
  )
}

function argvOf(job: SandboxJob): readonly string[] {
  return 'shell' in job.command ? ['/bin/sh', '-c', job.command.shell] : job.command.argv
}

/** Loaders, shells and Perl use these in every program that starts, including our own programs, which may have capabilities. */
const ACTS_ON_ALL =
  /^(?:PATH|LD_.*|GLIBC_TUNABLES|MALLOC_.*|LIBMOUNT_.*|PERL.*|ENV|BASH_ENV|BASHOPTS|SHELLOPTS|IFS|PS4|POSIXLY_CORRECT)$/
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/

function environment(job: SandboxJob, host: SandboxHost, tools: readonly string[]) {
  const own = { HOME: homeInside(host.home), TMPDIR: '/tmp', PP_REPORTS: REPORTS_INSIDE }
  const all = Object.entries({ ...job.env, ...own, ...job.reportEnv?.(REPORTS_INSIDE) })
  const early = all.filter(([name]) => !ACTS_ON_ALL.test(name) && !name.startsWith('BASH_FUNC_'))
  const late = all.filter(([name]) => ACTS_ON_ALL.test(name) && IDENTIFIER.test(name))
  return {
    env: { ...Object.fromEntries(early), PATH: tools.join(':') },
    lastEnv: late.map(([name, value]) => `${name}=${value}`),
  }
}

/** The directories on PATH, the directory of this Node, and the targets of symlinks in those that are not system directories. */
export function programsOf(host: Pick<SandboxHost, 'path'>): readonly string[] {
  const named = [...host.path.split(':'), dirname(process.execPath)]
  const linked = named.filter(
    (dir) => !SYSTEM.some((top) => dir === top || dir === `${top}/bin` || dir === `${top}/sbin`),
  )
  return [...new Set([...named, ...linked.flatMap(programsNear)])]
}

/**
 * Only directories that look like an installation: a link to a single script does not make the directory of the script
 * visible.
 */
function programsNear(dir: string): readonly string[] {
  return symlinkedProgramDirectories(dir).filter(
    (real) => ['bin', 'sbin'].includes(basename(real)) || isInside(real, '/opt'),
  )
}
