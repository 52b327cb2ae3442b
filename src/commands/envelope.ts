import type { ErrorCode, SCHEMA_VERSION } from '../engine/index.ts'

/** Only the type is imported, so that `--version` does not wait for the engine. */
const schemaVersion: typeof SCHEMA_VERSION = 1

/** A PpError, or an error that a command finds itself before it calls the engine. */
export interface CommandError {
  readonly code: ErrorCode
  readonly status: number
  readonly message: string
  readonly mend: string | undefined
}

/** The value of `verdict` if a command could not answer. */
export const VERDICT_OF_ERROR: Readonly<Record<ErrorCode, string>> = {
  USAGE: 'USAGE',
  POLICY_INVALID: 'USAGE',
  NOT_A_REPOSITORY: 'USAGE',
  FOREIGN_REPOSITORY: 'DENIED',
  UNSUPPORTED_REPOSITORY: 'USAGE',
  NO_PROOF: 'MISSING',
  NOT_ALLOWED: 'DENIED',
  SECRET_FOUND: 'DENIED',
  SANDBOX_UNAVAILABLE: 'NOT_RUN',
  SETUP_FAILED: 'NOT_RUN',
  OBJECT_MISSING: 'NOT_RUN',
  TREE_TOO_LARGE: 'NOT_RUN',
  NEWER_FORMAT: 'INCONCLUSIVE',
  MALFORMED: 'MALFORMED',
  PROPOSER_FAILED: 'PROPOSER_FAILED',
  GIT_FAILED: 'ERROR',
  DISK_FAILED: 'ERROR',
  BROKER_FAILED: 'ERROR',
  INTERRUPTED: 'INTERRUPTED',
  TERMINATED: 'INTERRUPTED',
  INTERNAL: 'ERROR',
}

export function usageError(message: string, mend?: string): CommandError {
  return { code: 'USAGE', status: 2, message, mend }
}

/** What every answer under `--json` contains; all other keys belong to the command. */
export interface JsonAnswer {
  readonly verdict: string
  readonly reason: string
  readonly [own: string]: unknown
}

/** The one JSON object of an answer: `schemaVersion`, `verdict`, `reason`, then the command's own keys. */
export function envelope(head: JsonAnswer): string {
  const { verdict, reason, ...own } = head
  return toJson({ schemaVersion, verdict, reason, ...own })
}

/** The help of a verb under `--json`. */
export function helpEnvelope(verb: string, help: string): string {
  return envelope({ verdict: 'OK', reason: `this is the help of git pp ${verb}`, help })
}

export function faultEnvelope(fault: CommandError): string {
  const { code, message, mend } = fault
  return envelope({ verdict: VERDICT_OF_ERROR[code], reason: message, code, mend: mend ?? null })
}

/** JSON on one line. Characters that a terminal would interpret or hide are written as \uXXXX; the value stays the same. */
function toJson(value: object): string {
  const hidden = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}\p{Variation_Selector}\u115f\u1160\u3164\uffa0]/gu
  const unit = (index: number, text: string) => `\\u${text.charCodeAt(index).toString(16).padStart(4, '0')}`
  return JSON.stringify(value).replace(hidden, (text) =>
    Array.from({ length: text.length }, (_, i) => unit(i, text)).join(''),
  )
}
