import { mergePolicy } from '../core/policy/index.ts'
import type { ResourceBounds } from '../model/bounds.ts'
import { PpError } from '../model/error.ts'
import { AUTOMATIC, isBare, OF_IMAGES } from '../model/kinds.ts'
import type { Caller } from '../model/options.ts'
import type { Policy } from '../model/policy.ts'
import { NO_MEMORY, type ProbeMemory } from '../ports/probe-memory.ts'
import type { ContainerRequest, Sandbox, SandboxHost, SandboxKind } from '../ports/sandbox.ts'
import { findSandbox, sandboxes } from '../sandboxes/index.ts'
import { probeMemory } from '../state/index.ts'
import { boundsOf } from './bounds.ts'
import { clientEnvironment } from './client-environment.ts'
import { clock } from './clock.ts'
import { isSet } from './worktrees.ts'

/** The container part of a policy; undefined if no container is asked for. */
export function containerWish({ sandbox }: Pick<Policy, 'sandbox'>, env: Caller['env']): ContainerRequest | undefined {
  if (sandbox.containerImage === null) return undefined
  return {
    runtime: sandbox.containerRuntime,
    image: sandbox.containerImage,
    workdir: sandbox.containerWorkdir,
    env: clientEnvironment(env),
  }
}

/**
 * The backend that the policy names, or the strongest that works; never a weaker one without saying so. Throws
 * SANDBOX_UNAVAILABLE.
 */
export async function openSandbox(host: SandboxHost, policy: Pick<Policy, 'sandbox' | 'network'>): Promise<Sandbox> {
  const { backend, containerImage } = policy.sandbox
  const wanted = backend === 'auto' && containerImage ? (OF_IMAGES[0] ?? backend) : backend
  if (isBare(wanted)) {
    if (policy.network === 'deny')
      throw new PpError(
        'SANDBOX_UNAVAILABLE',
        `the sandbox ${wanted} cannot deny the network, but the network must be denied; add --network allow, or use another sandbox`,
      )
    return (await sandboxKindOf(wanted)).open(host)
  }
  if (OF_IMAGES.includes(wanted) && host.container === undefined)
    throw new PpError('USAGE', 'a container needs an image, but the policy names none', {
      mend: 'write sandbox: {container_image: NAME} in pp.yaml, or set git config pp.sandbox.containerImage NAME',
    })
  if (wanted !== 'auto') {
    const kind = await sandboxKindOf(wanted)
    const opened = await openIfWorks(kind, host)
    if (typeof opened === 'string') throw new PpError('SANDBOX_UNAVAILABLE', opened)
    return opened
  }
  const reasons: string[] = []
  for (const name of AUTOMATIC) {
    const kind = await sandboxKindOf(name)
    const opened = await openIfWorks(kind, host)
    if (typeof opened !== 'string') return opened
    reasons.push(opened)
  }
  throw new PpError('SANDBOX_UNAVAILABLE', `no sandbox works here: ${reasons.join('; ')}`, {
    mend: 'git pp run --sandbox none --network allow "COMMAND" runs without one, and the proof says so',
  })
}

async function openIfWorks(kind: SandboxKind, host: SandboxHost): Promise<Sandbox | string> {
  if (kind.openIfWorks) return kind.openIfWorks(host)
  return (await kind.probe(host)) ?? kind.open(host)
}

/** What earlier sessions found out about the sandboxes. In CI nothing is remembered: jobs restore caches that other jobs could write. */
export function probesOf(
  { env, uid, version: tool }: Pick<Caller, 'env' | 'uid' | 'version'>,
  cache: string,
): ProbeMemory {
  return isSet(env['CI']) ? NO_MEMORY : probeMemory(cache, { uid, tool })
}

/** What the backends need to know about this machine. They try everything out anew, unless they are given a memory. `checkout`: the path for the work tree; `state`: a private directory. */
export function sandboxHostOf(
  caller: Caller,
  where: Pick<SandboxHost, 'checkout' | 'state' | 'session'>,
  bounds: ResourceBounds,
  container: ContainerRequest | undefined,
): SandboxHost {
  return {
    ...where,
    bounds,
    container,
    home: caller.home,
    uid: caller.uid,
    gid: caller.gid,
    path: caller.env['PATH'] ?? '',
    clock,
    probes: NO_MEMORY,
  }
}

export async function sandboxKindOf(name: string): Promise<SandboxKind> {
  const kind = await findSandbox(name)
  if (kind) return kind
  throw new PpError('USAGE', `there is no sandbox ${name} here; known: ${Object.keys(sandboxes).sort().join(', ')}`)
}

/** Throws SANDBOX_UNAVAILABLE on a machine without a sandbox that works. */
export async function sandboxWorks(caller: Caller, scratch: string): Promise<void> {
  const policy = mergePolicy([], { limits: 'default' })
  const where = { checkout: scratch, state: scratch, session: 'worker' }
  await openSandbox(sandboxHostOf(caller, where, boundsOf(policy), undefined), policy)
}
