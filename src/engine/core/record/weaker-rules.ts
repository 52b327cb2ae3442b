import type { Target } from '../../model/command.ts'
import type { PathRule, Policy } from '../../model/policy.ts'
import { canonicalJson } from '../bytes/index.ts'
import {
  looserAccept,
  looserBackend,
  looserFocus,
  looserHistory,
  looserMinimum,
  looserObservation,
  looserRuns,
  looserWhenTrue,
  looserWord,
} from '../strictness/index.ts'

type LimitName = keyof Policy['limits']

/**
 * Which rules of a written policy the record must contain. 'stated': only what the policy itself states, as for sessions;
 * 'all': its defaults, too, as for a gate.
 */
type ComparisonExtent = 'stated' | 'all'

/** What a recorded policy allows and a written one does not, one sentence each; [] = it is at least as strict. */
export function weakerRules(recorded: Policy, written: Policy, extent: ComparisonExtent): string[] {
  const counts = (key: string) => extent === 'all' || (written.sources[key]?.from ?? 'default') !== 'default'
  const scalar = (key: string, is: boolean, what: string) => (counts(key) && is ? [what] : [])
  return [
    ...scalar('policy.network', looserWord(written.network, recorded.network), 'the network was open'),
    ...scalar(
      'policy.tests.allow_changes',
      looserWhenTrue(written.tests.allowChanges, recorded.tests.allowChanges),
      'the change was allowed to change tests',
    ),
    ...scalar(
      'policy.tests.writable',
      looserWord(written.tests.writable, recorded.tests.writable),
      'the command was allowed to write tests while it ran',
    ),
    ...scalar(
      'policy.tests.observed',
      looserObservation(written.tests.observed, recorded.tests.observed),
      'the proof was allowed to need other data than that of the base',
    ),
    ...scalar(
      'policy.worktree.history',
      looserHistory(written.worktree.history, recorded.worktree.history),
      `worktree.history was ${recorded.worktree.history}, but must be ${written.worktree.history}`,
    ),
    ...scalar(
      'policy.verify.runs',
      looserRuns(written.verify.runs, recorded.verify.runs),
      `verify.runs was ${recorded.verify.runs}, but must be ${written.verify.runs}`,
    ),
    ...scalar(
      'policy.verify.focus',
      looserFocus(written.verify.focus, recorded.verify.focus),
      `verify.focus was ${recorded.verify.focus}, but must be ${written.verify.focus}`,
    ),
    ...scalar(
      'policy.verify.min_executed',
      looserMinimum(written.verify.minExecuted ?? 0, recorded.verify.minExecuted ?? 0),
      `verify.min_executed was ${recorded.verify.minExecuted ?? 'not set'}, but must be ${written.verify.minExecuted}`,
    ),
    ...(extent === 'stated' ? kinds(recorded, written) : []),
    ...scalar(
      'policy.sandbox.backend',
      looserBackend(written.sandbox.backend, recorded.sandbox.backend),
      `the sandbox was ${recorded.sandbox.backend}, but must be ${written.sandbox.backend}`,
    ),
    ...limits(recorded, written),
    ...lists(recorded, written),
  ]
}

/**
 * The kinds of proofs that the record accepts although the written policy does not. A gate checks the verdict itself,
 * whatever the record accepts.
 */
function kinds({ verify: { accept: is } }: Policy, { verify: { accept: most }, sources }: Policy): string[] {
  const stated = (sources['policy.verify.accept']?.from ?? 'default') !== 'default'
  return stated && looserAccept(most, is) ? [`verify.accept was ${is.join(', ')}, but must be ${most.join(', ')}`] : []
}

/** Limits on the size of a change. Limits on time and output only say when a session gives up, so they are not compared. */
const LIMITS = ['maxFilesChanged', 'maxPatchBytes'] as const satisfies readonly LimitName[]

function limits(recorded: Policy, written: Policy): string[] {
  return LIMITS.flatMap((limit) => {
    const [is, most] = [recorded.limits[limit], written.limits[limit]]
    return most !== null && (is === null || is > most)
      ? [`${limit} was ${is ?? 'not set'}, but must be at most ${most}`]
      : []
  })
}

function lists(recorded: Policy, written: Policy): string[] {
  const lacks = (what: string, wanted: readonly unknown[], has: readonly unknown[]) => {
    const known = new Set(has.map(canonicalJson))
    const missing = wanted.filter((one) => !known.has(canonicalJson(one)))
    return missing.length === 0 ? [] : [`${what} lacks ${missing.map((one) => JSON.stringify(one)).join(', ')}`]
  }
  const stated = written.writeAllowlist.filter((list) => list.some(({ source }) => source.from !== 'default'))
  const commands = (policy: Policy) => policy.allowedCommands.map((list) => list.map(({ command }) => command).sort())
  return [
    ...lacks('deny_write', written.denyWrite.map(bare), recorded.denyWrite.map(bare)),
    ...lacks('tests.patterns', written.tests.patterns.map(bare), recorded.tests.patterns.map(bare)),
    ...lacks('write_allowlist', stated.map(bareList), recorded.writeAllowlist.map(bareList)),
    ...lacks('allowed_commands', commands(written), commands(recorded)),
    ...lacks('verify.also', written.verify.also, recorded.verify.also),
  ]
}

const bare = ({ pattern, root }: PathRule) => ({ pattern, root })
const bareList = (list: readonly PathRule[]) => list.map(bare)

/**
 * Targets that have the name of a target of the policy but differ from it, that the policy does not have, or that count
 * hanging as a failure where the policy does not.
 */
export function undeclaredTargets(targets: readonly Target[], policy: Policy): Target[] {
  const isOne = (target: Target, known: Target) =>
    said(target) === said(known) && [undefined, known.hangAfterSec].includes(target.hangAfterSec)
  return targets.filter((target) => !policy.targets.some((known) => isOne(target, known)))
}

const said = ({ command, cwd }: Target) => canonicalJson({ command, cwd })
