import { printedText } from '../core/bytes/index.ts'
import { unwrapped } from '../core/output/index.ts'
import type { Execution, TestCase } from '../model/evidence.ts'
import type { Runner } from '../ports/runner.ts'
import { readTestOutput, readText, type TestOutputReading } from './read-test-output.ts'
import { failuresInReports } from './reports/failures-in-reports.ts'
import { mergeCases } from './runners/lib/test-report.ts'

/**
 * The failing tests of an output with their whole messages, for people and models. No verdict may use it: besides what the
 * runners report, it reads reports that any program can print, and the output of programs behind the prefixes of a wrapper.
 */
export function failuresInOutput(command: string, execution: Execution, runners: readonly Runner[]): TestCase[] {
  const { ended } = execution
  const read = readTestOutput(command, execution, runners)
  const named = failuresOf(read)
  if ((ended.how === 'exited' && ended.code === 0) || !lacksNames(read, named)) return named
  const behind = unwrapped(printedText(execution)).flatMap((text) => {
    const found = failuresOf(readText('', text, execution, runners))
    return found.length > 0 ? found : failuresInReports(text)
  })
  return behind.length > named.length ? mergeCases(behind) : named
}

/** Whether a report counts more failures than it names. */
function lacksNames({ tests }: TestOutputReading, named: readonly TestCase[]): boolean {
  return named.length === 0 || (tests !== null && tests.counts.failed + tests.counts.errors > named.length)
}

/** Without hooks, files, packages and suites of which a test is named itself. */
function failuresOf({ tests, insteadOf }: TestOutputReading): TestCase[] {
  const failing = (tests?.tests ?? []).filter(({ outcome }) => outcome === 'failed' || outcome === 'error')
  return failing.filter(({ id }) => {
    const beginning = insteadOf.get(id)
    const within = beginning ? [beginning] : [`${id} > `, `${id}/`]
    return !failing.some((one) => one.id !== id && within.some((start) => one.id.startsWith(start)))
  })
}
