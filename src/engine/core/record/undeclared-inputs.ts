import type { PathRule, Policy } from '../../model/policy.ts'
import { canonicalJson } from '../bytes/index.ts'
import { allowMatcher, isDependencies } from '../paths/index.ts'
import { looserWord } from '../strictness/index.ts'

/**
 * What was used for the runs of a proof and may have influenced them; `beside`: paths in environment.json that nothing in the
 * base accounts for.
 */
export interface ProofInputs {
  readonly policy: Policy
  readonly beside: readonly string[]
}

/**
 * The used inputs that a policy does not state, one phrase each: a setup, files beside the tree, variables, an image. [] =
 * none.
 */
export function undeclaredInputs({ policy, beside }: ProofInputs, stated: Policy): string[] {
  const known = (path: string) =>
    isDependencies(path) || stated.worktree.include.some((root) => path === root || path.startsWith(`${root}/`))
  const strange = [...new Set([...policy.worktree.include, ...beside])].filter((path) => !known(path))
  const variables = policy.env.allow.filter((name) => !stated.env.allow.includes(name))
  return [
    ...setup(policy, stated),
    ...strange.map((path) => `include ${JSON.stringify(path)}`),
    ...variables.map((name) => `the variable ${name}`),
    ...image(policy, stated),
    ...allowed(policy, stated),
  ]
}

/** A permission to change judges that was typed, or that another source states. */
function allowed({ tests }: Policy, { tests: stated }: Policy): string[] {
  const known = allowMatcher(stated.allow)
  const same = (rule: PathRule) =>
    stated.allow.some(({ pattern, root }) => pattern === rule.pattern && root === rule.root)
  const inside = ({ pattern, root }: PathRule) =>
    !/[*?[\]{}]/.test(pattern) && known([root, pattern].filter(Boolean).join('/')) !== null
  const strange = stated.allowChanges ? [] : tests.allow.filter((rule) => !same(rule) && !inside(rule))
  return strange.map(({ pattern }) => `a permission to change ${JSON.stringify(pattern)}`)
}

function setup({ worktree: { setup, setupNetwork, setupEnv } }: Policy, { worktree: stated }: Policy): string[] {
  if (setup === null) return []
  if (canonicalJson(setup) !== canonicalJson(stated.setup)) return [`setup ${JSON.stringify(setup.command)}`]
  const variables = setupEnv.filter((name) => !stated.setupEnv.includes(name))
  return [
    ...(looserWord(stated.setupNetwork, setupNetwork) ? ['the network for setup'] : []),
    ...variables.map((name) => `the variable ${name} for setup`),
  ]
}

function image({ sandbox: { containerImage } }: Policy, { sandbox: stated }: Policy): string[] {
  return containerImage === null || containerImage === stated.containerImage ? [] : [`the image ${containerImage}`]
}
