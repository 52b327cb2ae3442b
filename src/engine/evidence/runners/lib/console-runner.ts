import type { Execution, TestReport } from '../../../model/evidence.ts'
import type { Runner } from '../../../ports/runner.ts'

/** What tells a runner of which only the output is known: no option that lists, selects or leaves out tests is used. */
interface ConsoleRunner<Kind extends string> {
  readonly kind: Kind
  /** The command that starts it. */
  readonly command: RegExp
  /** A line that no other runner prints. */
  readonly shows: RegExp
  read(output: string, execution: Execution): TestReport | null
  readonly invalid?: Runner['invalid']
}

/** A runner whose results are read from what it prints. No failing test is added to its files. */
export function consoleRunner<Kind extends string>({ kind, command, shows, read, invalid }: ConsoleRunner<Kind>) {
  return {
    kind,
    recognises: (words: string, output: string) => command.test(words) || shows.test(output),
    read: (output: string, execution: Execution) => (shows.test(output) ? read(output, execution) : null),
    invalid(output: string, execution: Execution) {
      if (execution.ended.how !== 'exited') return null
      const told = invalid?.(output, execution) ?? null
      const counts = shows.test(output) ? read(output, execution)?.counts : undefined
      const none = counts && counts.passed + counts.failed + counts.errors + counts.skipped === 0
      return told ?? (none ? { reason: `${kind} ran no tests`, mend: 'name a file that holds tests' } : null)
    },
    testListing: () => null,
    addFailingTest: () => null,
  } satisfies Runner
}
