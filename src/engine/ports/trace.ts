import type { SecretRedactor } from '../model/redactor.ts'

/**
 * Called when a git call or a run in a sandbox begins; returns a function to call when it has ended. Hides secrets;
 * `redactor` also knows those of one run.
 */
export type CallTrace = (
  what: 'git' | 'sandbox',
  words: readonly string[],
  redactor?: Pick<SecretRedactor, 'redact'>,
) => (end: string) => void
