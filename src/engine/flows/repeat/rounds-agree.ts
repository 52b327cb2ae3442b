import { failureDifference, messageDifference, type RedFailure } from '../../core/failure/index.ts'
import type { Measurement, Round } from '../measure/index.ts'

/**
 * Why two rounds do not show the same result, or null: same colours, and what is red fails in the same tests with the same
 * kind of exception.
 */
export function roundsDisagreement(a: Round, b: Round): string | null {
  return firstOf(a, b, failureDifference)
}

/** The same, or else in which words a test failed differently: whether anything changed at all. */
export function roundsDifference(a: Round, b: Round): string | null {
  return roundsDisagreement(a, b) ?? firstOf(a, b, messageDifference)
}

export const OTHER_MESSAGES = 'the message of a failing test differs from run to run'

/** In which other words the same tests failed in a later run of one tree; null where there is nothing to say. */
export function otherMessages(a: Round, b: Round): string | null {
  return firstOf(a, b, messageDifference)
}

function firstOf(a: Round, b: Round, compare: (one: RedFailure, other: RedFailure) => string | null): string | null {
  for (const [at, one] of a.measurements.entries()) {
    const other = b.measurements[at]
    if (!other) return `${one.target.name} was not run again`
    if (one.reading.is !== other.reading.is) return `${one.target.name} was ${one.reading.is}, then ${other.reading.is}`
    if (one.reading.is !== 'red') continue
    const differs = compare(failureOf(one), failureOf(other))
    if (differs) return `${one.target.name} failed in two ways: ${differs}`
  }
  return null
}

function failureOf({ tests, execution, headline }: Measurement): RedFailure {
  return { tests, ended: execution.ended, headline }
}
