import type { EnforcedBounds } from '../model/bounds.ts'
import { PpError } from '../model/error.ts'
import type { Execution } from '../model/evidence.ts'
import type { EnforcedRestrictions, Sandbox, SandboxHost, SandboxJob, SandboxKind } from '../ports/sandbox.ts'
import { assertNothingReachable } from './lib/confined-sandbox.ts'
import { chooseRuntime } from './lib/container/choose-runtime.ts'
import { probeByShell } from './lib/container/escape-probe.ts'
import { openSessionContainers, runInContainer } from './lib/container/run-in-container.ts'
import { copyIncludes } from './lib/copy-includes.ts'
import { findTool, toolPath } from './lib/find-tools.ts'
import { catchSetupFailure } from './lib/not-run.ts'
import { startIn } from './lib/path-state.ts'
import { onceTested, tryEscapeRoutes, tryProgram } from './lib/self-test.ts'

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
    return await tryProgram(host, await open(host))
  } catch (error) {
    if (error instanceof PpError && error.code === 'SANDBOX_UNAVAILABLE') return error.message
    throw error
  }
}

const WALLS: Omit<EnforcedRestrictions, 'atCheckoutPath' | keyof EnforcedBounds> = {
  network: true,
  filesystem: true,
  home: true,
  processes: true,
  judgesReadOnly: true,
  // The profile of the runtime stays. Those of podman 4.3 and docker 20.10 allow more than our own filter does.
  syscalls: false,
}

async function open(host: SandboxHost): Promise<Sandbox> {
  const wish = host.container
  if (wish === undefined)
    throw new PpError('SANDBOX_UNAVAILABLE', 'a container needs an image; set sandbox.container_image')
  const containers = await openSessionContainers(host, wish, await chooseRuntime(wish, toolPath(host)))
  const { facts, image, limits, workdir } = containers
  const cp = findTool(toolPath(host), 'cp')

  const run = (job: SandboxJob): Promise<Execution> =>
    catchSetupFailure(job, host.clock, async () => {
      startIn(job)
      if (job.includesWritable) await copyIncludes(job.workspace, job.includes, cp, job.signal)
      return runInContainer(containers, job)
    })
  return {
    kind: 'container',
    version: facts.version,
    image,
    ...(workdir === host.checkout ? {} : { workdir }),
    enforces: { ...WALLS, atCheckoutPath: workdir === host.checkout, ...limits.enforced },
    layering: async () => null,
    selfTest: onceTested(() => tryEscapeRoutes(host, run, probeByShell).then(assertNothingReachable)),
    run,
  }
}
