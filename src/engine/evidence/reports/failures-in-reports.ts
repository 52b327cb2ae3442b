import type { TestCase } from '../../model/evidence.ts'
import { annotatedFailures } from './annotations.ts'
import { jsonFailures } from './json-report.ts'
import { junitFailures } from './junit-report.ts'
import { doctestFailures } from './python-doctest.ts'
import { teamcityFailures } from './teamcity.ts'

/**
 * The failed tests of a structured report that was printed, whichever runner it is of. Nothing here is read for a verdict: it
 * only names failures for people and models, since any program can print such a report.
 */
export function failuresInReports(text: string): TestCase[] {
  for (const read of [junitFailures, jsonFailures, teamcityFailures, annotatedFailures, doctestFailures]) {
    const cases = read(text)
    if (cases.length > 0) return cases
  }
  return []
}
