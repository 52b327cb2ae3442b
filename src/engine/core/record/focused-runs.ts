import { spellCommand, type Target } from '../../model/command.ts'
import type { Evidence } from '../../model/evidence.ts'
import type { Policy } from '../../model/policy.ts'
import type { Bundle, Repro } from '../../model/proof.ts'
import type { FocusedRuns } from '../../model/session.ts'
import { FOLDERS, focusedFolder } from '../bundle-layout/index.ts'
import { failureDifference } from '../failure/index.ts'
import { isFocused, planFocusedRuns } from '../trials/index.ts'
import { isGreen, isRed, recordedRunsIn } from './recorded-runs.ts'

/** How often the failing tests were run alone, or what is missing in the record of these runs. */
export type FocusedTally = { readonly reds: number; readonly greens: number } | string

/**
 * Checks the runs of the failing tests alone: that the policy allows them, that they are those of the red targets, that their
 * commands only add words to these, and that a run with an added failing test watched the whole suite. `base`: the whole red
 * run; `trees`: the ones that the verifier derives.
 */
export function checkFocusedRuns(
  bundle: Bundle,
  repro: Repro,
  { verify }: Policy,
  base: readonly Evidence[],
  trees: { readonly red: Evidence['tree']; readonly final: Evidence['tree'] },
): FocusedTally {
  const { focus } = repro
  if (!focus) return { reds: 0, greens: 0 }
  if (!isFocused(verify.focus, verify.runs, longestOf(base)))
    return 'its policy and the time of its runs do not allow that only failing tests are run'
  if (base[0]?.tree !== trees.red) return 'the whole run without the change is of another tree'
  const names = focus.targets.map(({ name }) => name)
  const foreign = differingCommands(repro.targets, focus.targets, base)
  if (foreign !== null) return foreign
  const first = recordedRunsIn(bundle, focusedFolder(1, 'red'), names)
  const plan = planFocusedRuns(verify.runs, longestOf(first))
  for (let k = 1; k <= Math.max(plan.reds, focus.reds); k++) {
    const runs = recordedRunsIn(bundle, focusedFolder(k, 'red'), names)
    const lacking = isRed(runs, names, trees.red) ?? otherFailures(base, runs)
    if (lacking !== null) return `red ${k} of the failing tests: ${lacking}`
  }
  for (let k = 1; k <= Math.max(plan.greens, focus.greens); k++) {
    const lacking = isGreen(recordedRunsIn(bundle, focusedFolder(k, 'green'), names), names, trees.final)
    if (lacking !== null) return `green ${k} of the failing tests: ${lacking}`
  }
  if (verify.focus !== 'fast' && !isWatched(bundle, repro))
    return 'it records no run of the whole suite with an added failing test'
  const counted = focus.reds >= plan.reds && focus.greens >= plan.greens
  return counted
    ? { reds: focus.reds, greens: focus.greens }
    : 'it counts fewer runs of the failing tests than it has to'
}

/** The longest time, in ms, that these may have taken together: durations are recorded in whole ms. */
function longestOf(runs: readonly Evidence[]): number {
  return runs.reduce((sum, { durationMs }) => sum + durationMs + 1, 0)
}

/** The red targets and no others, each with the same words and more. */
function differingCommands(
  all: readonly Target[],
  focused: FocusedRuns['targets'],
  base: readonly Evidence[],
): string | null {
  const red = base.filter(({ reading }) => reading.is === 'red').map(({ target }) => target)
  if (red.join('\n') !== focused.map(({ name }) => name).join('\n'))
    return 'the failing tests were not run of every target that is red'
  const differs = focused.find((one) => {
    const whole = all.find(({ name }) => name === one.name)
    return !whole || whole.cwd !== one.cwd || !addsWords(whole, one)
  })
  return differs ? `the command for the failing tests is another one: ${spellCommand(differs.command)}` : null
}

/** Whether a command is the other one with something inserted at one place. */
function addsWords({ command: whole }: Target, { command: more }: Target): boolean {
  if ('argv' in whole && 'argv' in more) return isInserted(whole.argv, more.argv)
  if ('shell' in whole && 'shell' in more) return isInserted([...whole.shell.trim()], [...more.shell.trim()])
  return false
}

function isInserted(short: readonly string[], long: readonly string[]): boolean {
  if (long.length <= short.length) return false
  const differing = short.findIndex((one, at) => one !== long[at])
  const same = differing === -1 ? short.length : differing
  const rest = short.slice(same)
  return rest.every((one, at) => one === long[long.length - rest.length + at])
}

/** The tests that fail alone have to be those that failed in the whole suite, in the same way. */
function otherFailures(base: readonly Evidence[], runs: readonly Evidence[]): string | null {
  const failure = ({ tests, ended }: Evidence) => ({ tests, ended, headline: '' })
  for (const run of runs) {
    const whole = base.find(({ target }) => target === run.target)
    if (whole?.reading.is !== 'red' || whole.reading.failing.length === 0) return 'no failing test is known'
    const differs = failureDifference(failure(whole), failure(run))
    if (differs !== null) return `it differs from the whole run: ${differs}`
  }
  return null
}

/** The tree of that run holds words that only the session knew, so only its result is checked. */
function isWatched(bundle: Bundle, { targets }: Repro): boolean {
  const names = targets.map(({ name }) => name)
  const runs = recordedRunsIn(bundle, FOLDERS.addedTest, names)
  return runs.length > 0 && runs.every(({ reading }) => reading.is === 'red')
}
