import type { Caller } from '../../model/options.ts'

/** Variables of ours that say what is printed, and not what is run. */
const HARMLESS = new Set(['PP_TRACE', 'PP_DEBUG'])

/**
 * The caller of a gate, in the agent's project: neither variables (`PP_*`) nor the repository's own settings choose the policy,
 * because a clone or an agent may have set them.
 */
export function gateCaller(caller: Caller, directory: string | null): Caller {
  const env = Object.fromEntries(
    Object.entries(caller.env).filter(([name]) => !name.startsWith('PP_') || HARMLESS.has(name)),
  )
  return { ...caller, cwd: directory ?? caller.cwd, env, confined: true }
}
