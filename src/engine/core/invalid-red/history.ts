import type { InvalidReason, RunConditions } from './run-conditions.ts'

/** What git prints if a command asks for history that the sandbox does not show, and what tools print that ask git. */
const ASKED = [
  /^(?:E\s+)?(?:.*\b)?fatal: (?:No names found, cannot describe|No tags can describe|no tag exactly matches|No annotated tags can describe)/m,
  /\bfatal: (?:ambiguous argument|bad (?:revision|object)|invalid object name|Not a valid object name|unknown revision|Invalid revision range|no such ref|could not parse object|unable to read)/i,
  /\bgit\b[^\n]{0,80}\b(?:describe|rev-list|merge-base|for-each-ref|show-ref|tag|log|show|blame|rev-parse)\b[^\n]{0,200}\b(?:returned non-zero|exit(?:ed)?(?: with)?(?: status| code)?|failed|status (?:128|1)\b)/,
  /\b(?:setuptools[-_]scm|hatch-vcs|vcs[-_]versioning)\b[^\n]{0,80}\b(?:unable|could not|failed)|\bunable to detect version\b/i,
  /\berror obtaining VCS status\b|\bversioneer\b[^\n]{0,80}(?:unable|failed)/i,
]

/** The reason if a command needs commits or tags and the sandbox shows fewer. */
export function hiddenHistory(text: string, { history }: RunConditions): InvalidReason | null {
  if (!ASKED.some((pattern) => pattern.test(text))) return null
  if (history === 'none')
    return { reason: 'the command asks git for history, but the sandbox shows it none', mend: 'add --history tags' }
  return {
    reason: 'the command asks git for old file contents, but the sandbox shows only commits and tags',
    mend:
      typeof history === 'number'
        ? 'add --history tags, or use a command that needs less of the history'
        : 'use a command that needs less of the history',
  }
}
