import { isBare } from '../../model/kinds.ts'
import type { Policy } from '../../model/policy.ts'
import type { WorkerGrants } from '../../model/worker.ts'
import { spellSource } from './policy-layers.ts'

/** What a policy asks for that a worker does not grant, one sentence each; [] = the session may run as the policy says. */
export function notGranted(policy: Policy, grants: WorkerGrants): readonly string[] {
  const { network, sandbox, worktree, env } = policy
  const { setup, setupNetwork, setupEnv } = worktree
  const variables = [...new Set([...env.allow, ...setupEnv])].filter((name) => !grants.env.includes(name))
  const paths = worktree.include.filter((path) => !grants.include.includes(path))
  const image = sandbox.containerImage
  const wishes: readonly (readonly [wish: boolean, key: string, what: string])[] = [
    [network === 'allow' && grants.network !== 'allow', 'policy.network', 'the network'],
    [isBare(sandbox.backend), 'policy.sandbox.backend', `sandbox ${sandbox.backend}`],
    [
      setup !== null && setup.command !== grants.setup,
      'policy.worktree.setup',
      `the setup ${JSON.stringify(setup?.command)}`,
    ],
    [
      setup !== null && setupNetwork === 'allow' && grants.setup_network !== 'allow',
      'policy.worktree.setup_network',
      'the network for the setup',
    ],
    [variables.length > 0, 'policy.env.allow', `the variables ${variables.join(', ')}`],
    [paths.length > 0, 'policy.worktree.include', `the files ${paths.join(', ')}`],
    [image !== null && !grants.images.includes(image), 'policy.sandbox.container_image', `the image ${image}`],
  ]
  // Of lists it is not recorded where an entry came from.
  const who = (key: string) => {
    const source = policy.sources[key]
    return source === undefined || source.from === 'default' ? 'the policy' : spellSource(source)
  }
  return wishes.flatMap(([wish, key, what]) =>
    wish ? [`${who(key)} asks for ${what}, which this worker does not grant`] : [],
  )
}
