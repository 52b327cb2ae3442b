import type { Rerun } from '../../model/evidence.ts'
import { failingTestsOf, type Round } from '../measure/index.ts'
import { type Outcome, outcome } from '../session/index.ts'

const LISTED = 3

/**
 * What follows for green rounds if the runner ran tests again until they passed. A test that failed at the base has to pass
 * at the first try; other tests that were run again are only reported.
 */
export function rerunsOutcome(base: Round, greens: readonly Round[], notShown: string[]): Outcome | null {
  const decisive = new Set(failingTestsOf(base))
  const often = new Map<string | null, number>()
  for (const { id, times } of greens.flatMap(({ measurements }) => measurements.flatMap((one) => one.reruns)))
    often.set(id, Math.max(often.get(id) ?? 0, times))
  const all = [...often].map(([id, times]) => ({ id, times }))
  const bought = all.find(({ id }) => id !== null && decisive.has(id))
  if (bought)
    return outcome(
      'FLAKY',
      `with the change ${bought.id} passed only after its runner had run it again (${spell(bought.times)})`,
      'fix what makes the test fail in some runs; to see how often it fails, take the reruns out of the command',
    )
  if (all.length > 0) notShown.push(sentence(all))
  return null
}

function sentence(all: readonly Rerun[]): string {
  const named = all.flatMap(({ id, times }) => (id === null ? [] : `${id} (${spell(times)})`))
  const list = [...named.slice(0, LISTED), ...(named.length > LISTED ? [`${named.length - LISTED} more`] : [])].join(
    ', ',
  )
  const which = list || `tests whose names it does not print (${spell(all[0]?.times ?? 0)})`
  return `tests that the runner itself ran again until they passed: ${which}`
}

function spell(times: number): string {
  return times === 1 ? 'once' : `${times} times`
}
