import { printed } from '../core/ansi.ts'
import type { Execution, TestReport } from '../model/evidence.ts'
import type { Runner } from '../ports/runner.ts'
import { addCounts, mergeCases } from './runners/lib/report.ts'

/**
 * The runners that speak in an output, best first. What was printed decides: those that the command names too, else those
 * that the command names and that find a result, else those that know the output. The command alone decides last.
 */
function speakers(command: string, execution: Execution, runners: readonly Runner[]): readonly Runner[] {
  const output = printed(execution)
  const known = runners.filter((runner) => runner.recognises('', output))
  const named = runners.filter((runner) => runner.recognises(command, ''))
  const both = known.filter((runner) => named.includes(runner))
  if (both.length > 0) return both
  const reading = named.filter((runner) => runner.read(output, execution) !== null)
  if (reading.length > 0) return reading
  return known.length > 0 ? known : named
}

/** The runner that a command started, or null for none that is known. */
export function pickRunner(command: string, execution: Execution, runners: readonly Runner[]): Runner | null {
  return speakers(command, execution, runners)[0] ?? null
}

/** What the test runners behind a command report, all of them added up; null when none said anything. */
export function readTests(command: string, execution: Execution, runners: readonly Runner[]): TestReport | null {
  const output = printed(execution)
  const reports = speakers(command, execution, runners)
    .map((runner) => runner.read(output, execution))
    .filter((report) => report !== null)
  if (reports.length < 2) return reports[0] ?? null
  return {
    runner: reports.map(({ runner }) => runner).join('+'),
    counts: reports.map(({ counts }) => counts).reduce(addCounts),
    tests: mergeCases(reports.flatMap(({ tests }) => tests)),
    named: reports.every(({ named }) => named),
  }
}

/** Why a command's end says nothing about a bug, as its runner tells; null as soon as any runner behind it ran a test. */
export function readInvalid(
  command: string,
  execution: Execution,
  runners: readonly Runner[],
): ReturnType<Runner['invalid']> {
  const counts = readTests(command, execution, runners)?.counts
  if (counts && counts.passed + counts.failed + counts.errors + counts.skipped > 0) return null
  const output = printed(execution)
  const reasons = speakers(command, execution, runners).map((runner) => runner.invalid(output, execution))
  return reasons.find((reason) => reason !== null) ?? null
}
