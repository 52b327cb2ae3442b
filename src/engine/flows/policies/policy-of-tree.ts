import { upwardsFrom } from '../../core/paths/index.ts'
import { MAX_POLICY_BYTES, type PolicyLayer, parsePolicy, policiesIn } from '../../core/policy/index.ts'
import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'
import type { Objects } from '../../ports/repository.ts'
import { policyText } from './nested-policies.ts'

/** The tree that a policy is read from: never a patched one. */
export interface PolicyTree {
  readonly commit: Oid
  readonly tree: Oid
}

/** The nearest policy file upwards from `prefix` ('' or 'sub/dir'), in the base. Throws POLICY_INVALID. */
export async function policyOfTree(
  objects: Pick<Objects, 'list' | 'read'>,
  base: PolicyTree,
  prefix: string,
): Promise<PolicyLayer[]> {
  const files = new Map((await objects.list(base.tree)).map((entry) => [entry.path, entry]))
  for (const root of upwardsFrom(prefix)) {
    const found = policiesIn(root).flatMap((path) => files.get(path) ?? [])
    const [entry, second] = found
    if (second)
      throw new PpError(
        'POLICY_INVALID',
        `there are two policies: ${entry?.path} and ${second.path}; remove one of them`,
      )
    if (!entry) continue
    if (!entry.mode.startsWith('100'))
      throw new PpError('POLICY_INVALID', `the policy ${entry.path} is not a regular file`)
    const text = await policyText(objects.read, entry.oid)
    if (text === null)
      throw new PpError('POLICY_INVALID', `the policy ${entry.path} is larger than ${MAX_POLICY_BYTES} bytes`)
    return [policyLayer(text, entry.path, root, { path: entry.path, commit: base.commit, blob: entry.oid })]
  }
  return []
}

/** A policy file as a layer. Throws POLICY_INVALID with every problem of it. */
export function policyLayer(
  text: string,
  name: string,
  root: string,
  file: NonNullable<PolicyLayer['file']>,
): PolicyLayer {
  const parsed = parsePolicy(text, { file: name, format: name.endsWith('.json') ? 'json' : 'yaml' })
  if (!parsed.ok) throw new PpError('POLICY_INVALID', parsed.problems.map(({ message }) => message).join('\n'))
  return { from: 'file', values: parsed.value, root, file, lines: parsed.lines }
}
