import { printedText } from '../core/bytes/index.ts'
import type { Execution, Rerun, TestReport } from '../model/evidence.ts'
import type { FailuresInsteadOfTests, Runner } from '../ports/runner.ts'
import { addCounts, mergeCases } from './runners/lib/test-report.ts'

/** What an output shows, as read by the test runners that wrote it. */
export interface TestOutputReading {
  /** The runner that the command started, or null for none that is known. */
  readonly runner: Runner | null
  /** The reports of all runners added up; null if none reported anything. */
  readonly tests: TestReport | null
  readonly reruns: readonly Rerun[]
  /** Ids of failures that stand for a hook, a file or a package, and not for a test. */
  readonly insteadOf: FailuresInsteadOfTests
  /** Why the end of the command shows nothing about a bug, as its runner reports; null if any runner ran a test. */
  readonly invalid: ReturnType<Runner['invalid']>
}

/** Reads an output once for all runners, because it may have megabytes. */
export function readTestOutput(command: string, execution: Execution, runners: readonly Runner[]): TestOutputReading {
  return readText(command, printedText(execution), execution, runners)
}

/** The same for a part of the output. */
export function readText(
  command: string,
  output: string,
  execution: Execution,
  runners: readonly Runner[],
): TestOutputReading {
  const heard = heardBy(runners, output)
  const speaking = speakers(command, heard, execution, runners)
  const reports = speaking.flatMap((runner) => {
    const report = runner.read(heard(runner), execution)
    return report ? [{ runner, report }] : []
  })
  const tests = added(reports.map(({ report }) => report))
  const insteadOf = new Map(
    reports.flatMap(({ runner, report }) => [...(runner.insteadOf?.(report.tests, heard(runner)) ?? [])]),
  )
  const counts = tests?.counts
  const ran = counts !== undefined && counts.passed + counts.failed + counts.errors + counts.skipped > 0
  const reasons = ran ? [] : speaking.map((runner) => runner.invalid(heard(runner), execution))
  const reruns = speaking.flatMap((runner) => runner.reruns?.(heard(runner)) ?? [])
  const invalid = reasons.find((reason) => reason !== null) ?? null
  return { runner: speaking[0] ?? null, tests, reruns, insteadOf, invalid }
}

/** The text that each runner reads: the whole output without what another runner shows of the output of its failing tests. */
function heardBy(runners: readonly Runner[], output: string): (runner: Runner) => string {
  const showing = runners.filter((runner) => runner.withoutTestOutput && runner.recognises('', output))
  return (runner) =>
    showing.reduce((text, other) => (other === runner ? text : (other.withoutTestOutput?.(text) ?? text)), output)
}

/**
 * The runners that wrote an output, best first. The output decides first: runners that it shows and the command names; else
 * runners that the command names and that find a result; else runners that it shows. Only after that the command alone
 * decides.
 */
function speakers(
  command: string,
  heard: (runner: Runner) => string,
  execution: Execution,
  runners: readonly Runner[],
): readonly Runner[] {
  const known = runners.filter((runner) => runner.recognises('', heard(runner)))
  const named = runners.filter((runner) => runner.recognises(command, ''))
  const both = known.filter((runner) => named.includes(runner))
  if (both.length > 0) return both
  const reading = named.filter((runner) => runner.read(heard(runner), execution) !== null)
  if (reading.length > 0) return reading
  return known.length > 0 ? known : named
}

function added(reports: readonly TestReport[]): TestReport | null {
  if (reports.length < 2) return reports[0] ?? null
  return {
    runner: reports.map(({ runner }) => runner).join('+'),
    counts: reports.map(({ counts }) => counts).reduce(addCounts),
    tests: mergeCases(reports.flatMap(({ tests }) => tests)),
    named: reports.every(({ named }) => named),
  }
}
