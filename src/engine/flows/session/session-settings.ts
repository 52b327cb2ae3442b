import { notAcceptedReason } from '../../core/policy/index.ts'
import type { ProveMode, SessionOptions } from '../../model/options.ts'
import type { Policy } from '../../model/policy.ts'
import { DEFAULT_LIMITS } from '../../model/policy-values.ts'
import { DEFAULT_PAIRS } from '../../model/session.ts'
import type { SessionSettings } from './session.ts'

/** The settings of a session, made from the policy in force and the typed options. Times are in ms. */
export function settingsOf(
  policy: Policy,
  options: SessionOptions,
  variables: readonly string[],
  trailer: string | null,
): SessionSettings {
  const { limits } = policy
  const seconds = (value: number | null, fallback: number) => (value ?? fallback) * 1000
  return {
    runs: policy.verify.runs,
    focus: policy.verify.focus,
    flakyPairs: options.flaky === true ? (typeof options.runs === 'number' ? options.runs : DEFAULT_PAIRS) : null,
    flakyLine: options.flakyLine ?? null,
    mode: modeOf(policy, options),
    minExecuted: policy.verify.minExecuted ?? null,
    policyVersion: hasNewerKeys(policy) ? 4 : 3,
    expect: options.expect ?? null,
    minimize: policy.minimize,
    allowJudgeChanges: policy.tests.allowChanges,
    judgesWritable: policy.tests.writable,
    judgesObserved: policy.tests.observed,
    jobs: options.jobs ?? 1,
    keepWorktrees: options.keepWorktrees,
    network: policy.network,
    variables,
    maxAttempts: limits.maxAttempts ?? DEFAULT_LIMITS.max_attempts,
    perCommandMs: seconds(limits.perCommandTimeoutSec, DEFAULT_LIMITS.per_command_timeout_sec),
    perCommandStated: (policy.sources['policy.limits.per_command_timeout_sec']?.from ?? 'default') !== 'default',
    sessionMs: seconds(limits.sessionTimeoutSec, DEFAULT_LIMITS.session_timeout_sec),
    maxOutputBytes: limits.maxOutputBytes,
    maxModelTokens: limits.maxModelTokens,
    searchMs: seconds(limits.searchSeconds, DEFAULT_LIMITS.search_seconds),
    maxCandidates: limits.maxCandidates ?? DEFAULT_LIMITS.max_candidates,
    acceptLiteral: options.acceptLiteral ?? false,
    hangAfterMs: options.hangAfter === undefined ? null : options.hangAfter * 1000,
    also: policy.verify.also,
    trailer,
  }
}

/** Whether the recorded policy has values that readers of version 3 do not know. */
function hasNewerKeys({ verify, limits }: Policy): boolean {
  return verify.accept.includes('refactor') || verify.minExecuted !== undefined || limits.maxSamples !== undefined
}

/**
 * What was typed; without it, what the policy accepts. A policy that states what it accepts, and does not name refactor, leaves
 * of `auto` only `fix`.
 */
function modeOf(policy: Policy, { mode }: SessionOptions): ProveMode {
  const stated = (policy.sources['policy.verify.accept']?.from ?? 'default') !== 'default'
  const taken = notAcceptedReason('PRESERVED', policy) === null
  if (mode === undefined) return taken ? 'auto' : 'fix'
  return mode === 'auto' && stated && !taken ? 'fix' : mode
}
