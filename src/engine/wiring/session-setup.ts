import { join } from 'node:path'
import { commandEnvironment } from '../core/environment/index.ts'
import { forbiddenInFiles } from '../core/redact/index.ts'
import { runSetup, type Session } from '../flows/session/index.ts'
import type { Caller } from '../model/options.ts'
import type { Policy } from '../model/policy.ts'
import { fileHoldingSecret, keepLeftovers } from '../state/index.ts'
import { withoutKeyVariable } from './signing.ts'

/** The session with what the policy's setup makes beside the tree. Setup alone sees the variables of `setup_env`. */
export async function sessionAfterSetup(
  session: Session,
  policy: Policy,
  env: Caller['env'],
  dir: string,
): Promise<Session> {
  const { setup, setupNetwork, setupEnv } = policy.worktree
  if (setup === null) return session
  const { variables } = commandEnvironment(withoutKeyVariable(env, policy), [...policy.env.allow, ...setupEnv])
  const includes = await runSetup(session, setup, { network: setupNetwork, variables }, async (workspace) => {
    const made = await keepLeftovers(workspace, join(dir, 'setup'))
    return { made, leak: await fileHoldingSecret(made, forbiddenInFiles(env, setupEnv)) }
  })
  return { ...session, includes }
}
