import { RUN_MARK } from '../core/environment/index.ts'
import type { Execution } from '../model/evidence.ts'
import type { EnforcedRestrictions, Sandbox, SandboxHost, SandboxJob, SandboxKind } from '../ports/sandbox.ts'
import { boundedExecution } from './lib/bounded-execution.ts'
import { copyIncludes } from './lib/copy-includes.ts'
import { findProgram, findTool, toolPath } from './lib/find-tools.ts'
import { inheritedDescriptors } from './lib/inherited-descriptors.ts'
import { endUnderInit, INIT, noProgram } from './lib/init-script.ts'
import { catchSetupFailure, notRun } from './lib/not-run.ts'
import { startIn } from './lib/path-state.ts'
import { makePipes } from './lib/pipes.ts'
import { chooseProcessCleanup } from './lib/process-cleanup.ts'
import { openReportDirectory, type ReportDirectory } from './lib/reports.ts'
import { onceTested, tryEscapeRoutes } from './lib/self-test.ts'

/** Runs commands as the user would, in the attempt's own directory. Hides and denies nothing; no process outlives its run. */
export default {
  kind: 'none',
  strength: 0,
  automatic: null,
  probe: async () => null,
  open,
} satisfies SandboxKind

async function open(host: SandboxHost): Promise<Sandbox> {
  const tools = toolPath(host)
  const cp = findTool(tools, 'cp')
  const cleanup = await chooseProcessCleanup(tools, host.uid)
  const ownInit = cleanup.means === 'pid namespace'
  const bounds = await boundedExecution(host, tools, ownInit && host.uid !== 0)
  // If a program may be refused on its way into the cgroup, there must be a way to report that it started.
  const underInit = ownInit || bounds.joins
  const prefix = [...cleanup.prefix, ...(underInit && !ownInit ? ['/bin/sh', '-c', INIT, 'pp'] : []), ...bounds.inside]
  const pipe = makePipes(host.state, findTool(tools, 'mkfifo'))
  const inherited = inheritedDescriptors()
  let runs = 0

  async function runIn(reports: ReportDirectory, job: SandboxJob): Promise<Execution> {
    const cwd = startIn(job)
    const argv = 'shell' in job.command ? ['/bin/sh', '-c', job.command.shell] : job.command.argv
    const program = findProgram(argv[0] ?? '', job.env['PATH'], cwd)
    if (program === null) return notRun(job, host.clock, noProgram(argv[0] ?? ''))
    await copyIncludes(job.workspace, job.includes, cp, job.signal)
    const mark = `${host.session}.${++runs}`
    const { status, ...seen } = await bounds.execute({
      ...job,
      argv: [...prefix, program, ...argv.slice(1)],
      cwd,
      env: {
        ...job.env,
        PP_REPORTS: reports.dir,
        ...job.reportEnv?.(reports.dir),
        ...(cleanup.sweep && { [RUN_MARK]: mark }),
      },
      clock: host.clock,
      pipe,
      inherited,
      sweep: async () => cleanup.sweep?.(mark),
    })
    const ended = underInit ? endUnderInit(seen.ended, status) : seen.ended
    return { ...seen, ended, reports: await reports.read() }
  }
  const run = (job: SandboxJob) =>
    catchSetupFailure(job, host.clock, async () => {
      const reports = await openReportDirectory(host.state, job.reportFiles)
      return runIn(reports, job).finally(reports.dispose)
    })
  return {
    kind: 'none',
    version: `none (${cleanup.means})`,
    // A command that writes anywhere can fill any disk.
    enforces: { ...NOTHING, ...bounds.enforces, disk: false },
    layering: async () => null,
    selfTest: onceTested(() => tryEscapeRoutes(host, run)),
    run,
  }
}

const NOTHING = {
  network: false,
  filesystem: false,
  home: false,
  processes: false,
  atCheckoutPath: false,
  judgesReadOnly: false,
  syscalls: false,
} satisfies Partial<EnforcedRestrictions>
