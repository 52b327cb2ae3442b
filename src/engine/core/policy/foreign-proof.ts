import { shellWord } from '../../model/command.ts'
import { isBare } from '../../model/kinds.ts'
import type { Policy } from '../../model/policy.ts'
import type { HistoryDepth, SandboxBackend } from '../../model/policy-values.ts'

/** What the user typed to loosen a replay; nothing else loosens it. */
export interface ReplayLoosenings {
  readonly network?: Policy['network'] | undefined
  readonly sandbox?: SandboxBackend | undefined
  readonly history?: HistoryDepth | undefined
  readonly include: readonly string[]
  readonly env: readonly string[]
}

/**
 * The policy for running somebody else's proof here. Of their policy, only what makes the run stricter or identifies tests is
 * used. The default is the strictest: no network, a real sandbox, no setup, and no variable and no file of the user.
 */
export function policyForForeignProof(own: Policy, theirs: Policy, typed: ReplayLoosenings): Policy {
  const backend = isBare(own.sandbox.backend) ? 'auto' : own.sandbox.backend
  return {
    ...own,
    network: typed.network ?? 'deny',
    tests: { ...theirs.tests, writable: strictest(own.tests.writable, theirs.tests.writable) },
    limits: {
      ...own.limits,
      perCommandTimeoutSec: least(own.limits.perCommandTimeoutSec, theirs.limits.perCommandTimeoutSec),
      sessionTimeoutSec: least(own.limits.sessionTimeoutSec, theirs.limits.sessionTimeoutSec),
      maxProcesses: least(own.limits.maxProcesses, theirs.limits.maxProcesses),
      maxWorktreeBytes: least(own.limits.maxWorktreeBytes, theirs.limits.maxWorktreeBytes),
    },
    worktree: {
      ...own.worktree,
      include: [...typed.include],
      history: typed.history ?? 'none',
      setup: null,
      setupEnv: [],
    },
    env: { allow: [...typed.env] },
    sandbox: { ...own.sandbox, backend: typed.sandbox ?? backend },
  }
}

/** The typed loosenings, for the record. */
export function loosenings({
  network,
  sandbox,
  history,
  include,
  env,
}: Omit<ReplayLoosenings, 'sandbox'> & { readonly sandbox?: string }): string[] {
  return [
    ...(network === 'allow' ? ['--network allow'] : []),
    ...(sandbox !== undefined && isBare(sandbox) ? [`--sandbox ${sandbox}`] : []),
    ...(history === undefined || history === 'none' ? [] : [`--history ${history}`]),
    ...include.map((path) => `--include ${shellWord(path)}`),
    ...env.map((name) => `--env ${name}`),
  ]
}

function strictest(a: 'allow' | 'deny', b: 'allow' | 'deny'): 'allow' | 'deny' {
  return a === 'deny' ? a : b
}

function least(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b
  return Math.min(a, b)
}
