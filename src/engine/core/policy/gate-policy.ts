import { isBare } from '../../model/kinds.ts'
import type { Policy } from '../../model/policy.ts'

/** What a policy asks for that a gate gives only if a person agreed to it, one phrase each; [] = nothing. */
export function demandsOfPolicy({ network, env, worktree, sandbox }: Policy): readonly string[] {
  return [
    ...(network === 'allow' ? ['network: allow'] : []),
    ...(env.allow.length > 0 ? [`env.allow: ${env.allow.join(', ')}`] : []),
    ...(worktree.setup !== null && worktree.setupNetwork === 'allow'
      ? [`worktree.setup with network: ${worktree.setup.command}`]
      : []),
    ...(worktree.setupEnv.length > 0 ? [`worktree.setup_env: ${worktree.setupEnv.join(', ')}`] : []),
    ...(isBare(sandbox.backend) ? ['sandbox.backend: none'] : []),
  ]
}

/**
 * The policy under which a gate runs what a clone brings: no network, also for the setup, no added variables, and a real
 * sandbox, whatever the policy says.
 */
export function policyForGate(policy: Policy): Policy {
  return {
    ...policy,
    network: 'deny',
    env: { allow: [] },
    worktree: { ...policy.worktree, setupNetwork: 'deny', setupEnv: [] },
    sandbox: { ...policy.sandbox, backend: isBare(policy.sandbox.backend) ? 'auto' : policy.sandbox.backend },
  }
}
