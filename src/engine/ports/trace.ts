import type { SecretRedactor } from '../model/redactor.ts'

/**
 * Is told of a git call or a run in a sandbox when it begins; what it gives back is called when that is over. Hides secrets;
 * `redactor` knows those of one run besides.
 */
export type CallTrace = (
  what: 'git' | 'sandbox',
  words: readonly string[],
  redactor?: Pick<SecretRedactor, 'redact'>,
) => (end: string) => void
