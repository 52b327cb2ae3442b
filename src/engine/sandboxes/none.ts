import { RUN_MARK } from '../core/environment/index.ts'
import type { Execution } from '../model/evidence.ts'
import type { Enforcement, Job, Sandbox, SandboxHost, SandboxKind } from '../ports/sandbox.ts'
import { bounded } from './lib/bounded.ts'
import { copyIncludes } from './lib/includes.ts'
import { endUnderInit, INIT, noProgram } from './lib/init.ts'
import { notRun, orNotRun } from './lib/not-run.ts'
import { pipes } from './lib/pipes.ts'
import { inheritedDescriptors } from './lib/process.ts'
import { chooseReaper } from './lib/reaper.ts'
import { openReports, type Reports } from './lib/reports.ts'
import { onceTested, tryDoors } from './lib/self-test.ts'
import { findProgram, findTool, toolPath } from './lib/tools.ts'
import { startIn } from './lib/tree.ts'

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
  const reaper = await chooseReaper(tools, host.uid)
  const ownInit = reaper.means === 'pid namespace'
  const bounds = await bounded(host, tools, ownInit && host.uid !== 0)
  // Whoever may be refused on its way in must be able to say that it started.
  const underInit = ownInit || bounds.joins
  const prefix = [...reaper.prefix, ...(underInit && !ownInit ? ['/bin/sh', '-c', INIT, 'pp'] : []), ...bounds.inside]
  const pipe = pipes(host.state, findTool(tools, 'mkfifo'))
  const inherited = inheritedDescriptors()
  let runs = 0

  async function runIn(reports: Reports, job: Job): Promise<Execution> {
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
        ...(reaper.sweep && { [RUN_MARK]: mark }),
      },
      clock: host.clock,
      pipe,
      inherited,
      sweep: async () => reaper.sweep?.(mark),
    })
    const ended = underInit ? endUnderInit(seen.ended, status) : seen.ended
    return { ...seen, ended, reports: await reports.read() }
  }
  const run = (job: Job) =>
    orNotRun(job, host.clock, async () => {
      const reports = await openReports(host.state, job.reportFiles)
      return runIn(reports, job).finally(reports.dispose)
    })
  return {
    kind: 'none',
    version: `none (${reaper.means})`,
    // A command that writes anywhere can fill any disk.
    enforces: { ...NOTHING, ...bounds.enforces, disk: false },
    selfTest: onceTested(() => tryDoors(host, run)),
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
} satisfies Partial<Enforcement>
