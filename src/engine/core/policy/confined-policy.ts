import { isBare } from '../../model/kinds.ts'
import type { Policy } from '../../model/policy.ts'
import { spellSource } from './policy-layers.ts'

/** A policy that was made stricter, and one sentence about each wish of it that was not granted. */
export interface ConfinedPolicy {
  readonly policy: Policy
  readonly withheld: readonly string[]
}

/**
 * The policy for a session that no person asked for, of a repository that nobody may have looked at: no network, a real sandbox,
 * and no variables, whatever the base says. `signing`: the person who started the program asked for signatures.
 */
export function confine(policy: Policy, signing: boolean): ConfinedPolicy {
  const { network, sandbox, worktree, env, attestation } = policy
  const bare = isBare(sandbox.backend)
  const wishes: readonly (readonly [wish: boolean, key: string, spelled: string, instead: string])[] = [
    [network === 'allow', 'policy.network', 'network: allow', 'commands have no network'],
    [bare, 'policy.sandbox.backend', `sandbox: ${sandbox.backend}`, 'commands run in a sandbox'],
    [
      worktree.setup !== null && worktree.setupNetwork === 'allow',
      'policy.worktree.setup_network',
      'setup_network: allow',
      'the setup has no network',
    ],
  ]
  const variables = [...new Set([...env.allow, ...worktree.setupEnv])]
  return {
    policy: {
      ...policy,
      network: 'deny',
      sandbox: bare ? { ...sandbox, backend: 'auto' } : sandbox,
      worktree: { ...worktree, setupNetwork: 'deny', setupEnv: [] },
      env: { allow: [] },
      attestation: { ...attestation, enabled: signing && attestation.enabled },
    },
    withheld: [
      ...wishes.flatMap(([wish, key, spelled, instead]) =>
        wish ? [`${source(policy, key)} says ${spelled}, but a program asked for this session, so ${instead}`] : [],
      ),
      ...(variables.length === 0
        ? []
        : [
            `the policy names variables (${variables.join(', ')}), but a program asked for this session, so no command gets them`,
          ]),
    ],
  }
}

function source({ sources }: Policy, key: string): string {
  return spellSource(sources[key] ?? { from: 'default' })
}
