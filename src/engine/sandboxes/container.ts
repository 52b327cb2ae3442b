import type { Bounding } from '../model/bounds.ts'
import { PpError } from '../model/error.ts'
import type { Execution } from '../model/evidence.ts'
import type { Enforcement, Job, Sandbox, SandboxHost, SandboxKind } from '../ports/sandbox.ts'
import { closed } from './lib/confined.ts'
import { chooseRuntime } from './lib/container/choose.ts'
import { lookByShell } from './lib/container/doors.ts'
import { openFleet, runIn } from './lib/container/run.ts'
import { copyIncludes } from './lib/includes.ts'
import { orNotRun } from './lib/not-run.ts'
import { onceTested, tryDoors, tryOut } from './lib/self-test.ts'
import { findTool, toolPath } from './lib/tools.ts'
import { startIn } from './lib/tree.ts'

/** A fresh container of podman or docker for each command, from an image that the policy names. */
export default {
  kind: 'container',
  strength: 2,
  automatic: 'image',
  probe,
  open,
} satisfies SandboxKind

async function probe(host: SandboxHost): Promise<string | null> {
  try {
    return await tryOut(host, (await open(host)).run)
  } catch (error) {
    if (error instanceof PpError && error.code === 'SANDBOX_UNAVAILABLE') return error.message
    throw error
  }
}

const WALLS: Omit<Enforcement, 'atCheckoutPath' | keyof Bounding> = {
  network: true,
  filesystem: true,
  home: true,
  processes: true,
  judgesReadOnly: true,
}

async function open(host: SandboxHost): Promise<Sandbox> {
  const wish = host.container
  if (wish === undefined)
    throw new PpError('SANDBOX_UNAVAILABLE', 'a container needs an image; set sandbox.container_image')
  const fleet = await openFleet(host, wish, await chooseRuntime(wish, toolPath(host)))
  const { facts, image, limits, workdir } = fleet
  const cp = findTool(toolPath(host), 'cp')

  const run = (job: Job): Promise<Execution> =>
    orNotRun(job, host.clock, async () => {
      startIn(job)
      if (job.includesWritable) await copyIncludes(job.workspace, job.includes, cp, job.signal)
      return runIn(fleet, job)
    })
  return {
    kind: 'container',
    version: facts.version,
    image,
    ...(workdir === host.checkout ? {} : { workdir }),
    enforces: { ...WALLS, atCheckoutPath: workdir === host.checkout, ...limits.enforced },
    selfTest: onceTested(() => tryDoors(host, run, lookByShell).then(closed)),
    run,
  }
}
