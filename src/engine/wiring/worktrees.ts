import { type LayerOptions, lastValueOf, type Repository } from '../git/index.ts'
import { PpError } from '../model/error.ts'
import { isBare } from '../model/kinds.ts'
import type { Caller } from '../model/options.ts'
import type { Sandbox } from '../ports/sandbox.ts'
import { basesDir } from '../state/index.ts'

/** The settings of git config that only this file reads. */
export const WORKTREE_KEYS = ['pp.worktrees', 'pp.sharedcheckouts'] as const

const KINDS = ['auto', 'overlay', 'checkout'] as const

/** What decides how the work trees of a session are made. */
export interface WorktreeRequest {
  readonly sandbox: Sandbox
  readonly keepWorktrees: boolean
  /** Whether a proposer runs as the user, so that it can write to the caches of the user. */
  readonly unsandboxed: boolean
  /** The directory of the repository in the cache, and the private one of this session. */
  readonly state: string
  readonly session: string
}

/** Overlays where they work and may be used, else checkouts. Throws USAGE, and SANDBOX_UNAVAILABLE if overlays are forced. */
export async function layerOptions(
  { env }: Pick<Caller, 'env'>,
  repository: Pick<Repository, 'config'>,
  request: WorktreeRequest,
): Promise<LayerOptions> {
  const config = await repository.config('pp.')
  const asked = env['PP_WORKTREES'] || (lastValueOf(config, 'pp.worktrees') ?? 'auto')
  const kind = KINDS.find((one) => one === asked)
  if (kind === undefined) throw new PpError('USAGE', `pp.worktrees is ${asked}; it can be ${KINDS.join(', ')}`)
  const reason = against(request, kind)
  if (reason !== null) return { layering: null, reason }
  const layering = await request.sandbox.layering()
  if (layering === null) {
    if (kind === 'overlay')
      throw new PpError('SANDBOX_UNAVAILABLE', 'overlays do not work on this machine, or not with this sandbox', {
        mend: 'git config pp.worktrees auto',
      })
    return { layering: null, reason: 'overlays do not work here' }
  }
  const shared = isTrue(lastValueOf(config, 'pp.sharedcheckouts')) ?? !isSet(env['CI'])
  return { layering, bases: basesDir(shared ? request.state : request.session) }
}

function against({ sandbox, keepWorktrees, unsandboxed }: WorktreeRequest, kind: string): string | null {
  if (kind === 'checkout') return 'pp.worktrees is checkout'
  if (isBare(sandbox.kind)) return 'there is no sandbox'
  if (unsandboxed) return 'a proposer runs outside of the sandbox'
  return keepWorktrees ? 'the work trees are kept' : null
}

function isTrue(value: string | null): boolean | null {
  return value === null ? null : /^(?:true|yes|on|1)$/i.test(value)
}

/** Whether a variable such as CI is on. Jobs of a CI restore caches that other jobs could write. */
export function isSet(value: string | undefined): boolean {
  return value !== undefined && !/^(?:|0|false)$/i.test(value)
}
