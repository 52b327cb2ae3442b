/** Every fault that the tool has a name for. Outcomes of a session are verdicts, not errors. */
export type ErrorCode =
  | 'USAGE'
  | 'POLICY_INVALID'
  | 'NOT_A_REPOSITORY'
  | 'FOREIGN_REPOSITORY'
  | 'UNSUPPORTED_REPOSITORY'
  | 'NO_PROOF'
  | 'NOT_ALLOWED'
  | 'SECRET_FOUND'
  | 'SANDBOX_UNAVAILABLE'
  | 'SETUP_FAILED'
  | 'OBJECT_MISSING'
  | 'TREE_TOO_LARGE'
  | 'NEWER_FORMAT'
  | 'MALFORMED'
  | 'PROPOSER_FAILED'
  | 'GIT_FAILED'
  | 'DISK_FAILED'
  | 'BROKER_FAILED'
  | 'INTERRUPTED'
  | 'TERMINATED'
  | 'INTERNAL'

/** Error code → exit status; docs/reference.md has the table of statuses. */
export const STATUS_OF_ERROR: Readonly<Record<ErrorCode, number>> = {
  USAGE: 2,
  POLICY_INVALID: 2,
  NOT_A_REPOSITORY: 2,
  FOREIGN_REPOSITORY: 4,
  UNSUPPORTED_REPOSITORY: 2,
  NO_PROOF: 3,
  NOT_ALLOWED: 4,
  SECRET_FOUND: 1,
  SANDBOX_UNAVAILABLE: 6,
  SETUP_FAILED: 6,
  OBJECT_MISSING: 6,
  TREE_TOO_LARGE: 6,
  NEWER_FORMAT: 6,
  MALFORMED: 1,
  PROPOSER_FAILED: 7,
  GIT_FAILED: 128,
  DISK_FAILED: 128,
  BROKER_FAILED: 128,
  INTERRUPTED: 130,
  TERMINATED: 143,
  INTERNAL: 128,
}

/** A named fault. `message` is one sentence that names the thing and the way out. */
export class PpError extends Error {
  readonly code: ErrorCode
  /** What to type or change, if one line can say it. */
  readonly mend: string | undefined

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; mend?: string } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'PpError'
    this.code = code
    this.mend = options.mend
  }

  get status(): number {
    return STATUS_OF_ERROR[this.code]
  }
}
