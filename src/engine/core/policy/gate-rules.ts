import type { PathRule, PolicySource } from '../../model/policy.ts'
import type { OldFailures } from '../../model/policy-values.ts'
import { allowMatcher } from '../paths/index.ts'
import type { PolicyLayer } from './policy-layers.ts'

/** What a policy says to the gate alone; no proof depends on it. */
export interface GateRules {
  readonly minDeadlineMs: number
  readonly oldFailures: OldFailures
  /** Whether the target of this name decides about a change of this file. */
  readonly covers: (target: string, path: string) => boolean
  /** Names of the signers whose proofs stand for a job of CI; [] = nobody's do. */
  readonly coveredBy: readonly string[]
}

/** The strictest first. */
const OLD_FAILURES: readonly OldFailures[] = ['block', 'once', 'remark']
const SOURCE: PolicySource = { from: 'default' }

/** Of several layers the strictest counts: the longest deadline, the least patience with old failures, the signers that all name. */
export function gateRules(layers: readonly PolicyLayer[]): GateRules {
  const said = layers.flatMap(({ values }) => values.policy?.gate ?? [])
  const named = said.flatMap(({ covered_by }) => (covered_by ? [covered_by] : []))
  const failures = said.flatMap(({ old_failures }) => old_failures ?? [])
  const rules = new Map<string, PathRule[]>()
  for (const { values, root } of layers)
    for (const { name, paths } of values.proof_targets ?? [])
      if (paths)
        rules.set(name, [...(rules.get(name) ?? []), ...paths.map((pattern) => ({ pattern, root, source: SOURCE }))])
  const matchers = new Map([...rules].map(([name, all]) => [name, allowMatcher(all)]))
  return {
    minDeadlineMs: Math.max(0, ...said.map(({ min_deadline_sec: seconds = 0 }) => seconds * 1000)),
    oldFailures: OLD_FAILURES.find((word) => failures.includes(word)) ?? 'once',
    coveredBy: (named[0] ?? []).filter((name) => named.every((list) => list.includes(name))),
    covers(target, path) {
      const match = matchers.get(target)
      return match === undefined || match(path) !== null
    },
  }
}
