import { failureDifference, messageDifference, type RedFailure } from '../../core/failure/index.ts'
import type { Measurement, Round } from '../measure/index.ts'

/**
 * Why two rounds do not show the same result; null if they do: the same readings, and what is red fails in the same tests
 * with the same kind of exception.
 */
export function roundsDisagreement(a: Round, b: Round): string | null {
  return firstOf(a, b, failureDifference)
}

/** Like `roundsDisagreement`, but also compares the messages of failing tests: whether anything changed at all. */
export function roundsDifference(a: Round, b: Round): string | null {
  return roundsDisagreement(a, b) ?? firstOf(a, b, messageDifference)
}

export const OTHER_MESSAGES = 'the message of a failing test differs from run to run'

/** How the messages of the same failing tests differ in a later run of the same tree; null if they do not. */
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
