import { spellCommand } from '../../model/command.ts'
import type { FailureTally, Trials } from '../../model/session.ts'
import { differsSignificantly, fisherProbability } from './fisher-test.ts'

/** What the runs so far show. */
export type TrialsStatus = 'go on' | 'fails with it' | 'told apart' | 'never failed' | 'not told apart'

/**
 * The status that decides whether another pair is run. One failure with the change decides against the change; `over`: no
 * further pair can be run.
 */
export function trialsStatus({ without, with: after }: Trials, over: boolean): TrialsStatus {
  if (after.failed > 0) return 'fails with it'
  if (differsSignificantly(without, after)) return 'told apart'
  if (!over) return 'go on'
  return without.failed === 0 ? 'never failed' : 'not told apart'
}

/** The trials that two tallies give. */
export function trialsOf(without: FailureTally, after: FailureTally): Trials {
  return { without, with: after, p: fisherProbability(without, after) }
}

/** `failed 7 of 20 without the change, 0 of 20 with it (p = 0.004)`. */
export function trialsLine({ without, with: after, p }: Trials): string {
  return `failed ${formatTally(without)} without the change, ${formatTally(after)} with it (p ${chanceText(p)})`
}

export function formatTally({ failed, runs }: FailureTally): string {
  return `${failed} of ${runs}`
}

/** Three decimal places; four if three would round the probability up to the bound. */
function chanceText(p: number): string {
  if (p < 0.001) return '< 0.001'
  const text = p.toFixed(3)
  return `= ${p < 0.01 && text === '0.010' ? p.toFixed(4) : text}`
}

/** A call of `prove` as it was typed; options as `--long` or `--long=value`. */
interface TypedCall {
  readonly options: readonly string[]
  readonly words: readonly string[]
  readonly argv: readonly string[] | null
}

/** These options say how the earlier call should run, not what it should prove. */
const NOT_AGAIN = /^--(?:runs|each|flaky|quiet|verbose|json|key|key-env)(?:=|$)/

/** The same call with `--flaky`, as a line to type; in words if it contains a path that exists only on this machine. */
export function flakyLine({ options, words, argv }: TypedCall): string {
  const kept = options.filter((option) => !NOT_AGAIN.test(option))
  if (kept.some((option) => /=[/~]/.test(option))) return 'run the same command again with --flaky'
  return spellCommand({
    argv: ['git', 'pp', 'prove', '--flaky', ...kept, ...words, ...(argv === null ? [] : ['--', ...argv])],
  })
}
