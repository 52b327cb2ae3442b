import { isBare } from '../model/kinds.ts'
import type { Caller } from '../model/options.ts'
import type { Sandbox } from '../ports/sandbox.ts'
import { type KeptCandidates, type KnownVerdicts, knownVerdicts, refutedCandidates } from '../state/index.ts'
import type { OpenRepository } from './repository.ts'
import type { SessionRequest } from './session.ts'
import { isSet } from './worktrees.ts'

/**
 * The candidates that earlier sessions refuted. There are none, and none are kept, where something else may have written them:
 * with a proposer or a command without a sandbox, and in CI, where jobs restore caches that other jobs could write.
 */
export async function openRefuted(
  { env }: Pick<Caller, 'env'>,
  { state }: Pick<OpenRepository, 'state'>,
  { unsandboxed }: Pick<SessionRequest, 'unsandboxed'>,
  { sandbox }: { readonly sandbox: Pick<Sandbox, 'kind'> },
): Promise<KeptCandidates> {
  if (!unsandboxed && !isBare(sandbox.kind) && !isSet(env['CI'])) return refutedCandidates(state)
  return { has: () => false, add: () => {}, save: async () => {} }
}

/** The verdicts of earlier calls. In CI there are none: jobs restore caches that other jobs could write. */
export async function openKnownVerdicts(
  { env }: Pick<Caller, 'env'>,
  { state }: Pick<OpenRepository, 'state'>,
): Promise<KnownVerdicts> {
  if (!isSet(env['CI'])) return knownVerdicts(state)
  return { sessionFor: () => null, keep: async () => {} }
}
