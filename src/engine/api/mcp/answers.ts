import { LISTED, type SessionOutcome } from '../../model/mcp.ts'
import type { SessionResult } from '../../model/session.ts'
import { printable, terminalStyles } from '../../report/index.ts'
import type { ToolAnnotations } from './tool.ts'

/** What is true of every tool that changes nothing. */
export const READS: ToolAnnotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
}

export const plain = terminalStyles(false)

export function outcomeOf(
  result: Omit<SessionResult, 'schemaVersion'>,
  commit: string | null,
  signed: boolean,
): SessionOutcome {
  const { verdict, reason, mend, session, counts, failures, judgesChanged, notShown, warnings } = result
  return {
    ...{ verdict, reason, mend, session, counts, commit, signed, warnings, notShown },
    failures: failures.slice(0, LISTED),
    judgesChanged: judgesChanged.slice(0, LISTED),
  }
}

/** Lines of a report as one text, in which nothing has an effect on a terminal. */
export function toText(all: readonly string[]): string {
  return all.map(printable(plain)).join('\n')
}
