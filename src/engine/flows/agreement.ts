import { sameFailure } from '../core/failure.ts'
import type { Round } from './round.ts'

/** Why two rounds do not show the same result, or null: same colours, and what is red fails in the same tests for the same reason. */
export function disagreement(a: Round, b: Round): string | null {
  for (const [at, one] of a.measurements.entries()) {
    const other = b.measurements[at]
    if (!other) return `${one.target.name} was not run again`
    if (one.reading.is !== other.reading.is) return `${one.target.name} was ${one.reading.is}, then ${other.reading.is}`
    if (one.reading.is !== 'red') continue
    const differs = sameFailure(failureOf(one), failureOf(other))
    if (differs) return `${one.target.name} failed in two ways: ${differs}`
  }
  return null
}

function failureOf({ tests, execution, headline }: Round['measurements'][number]) {
  return { tests, ended: execution.ended, headline }
}
