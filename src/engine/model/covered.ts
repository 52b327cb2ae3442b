/** What `covered` is asked. */
export interface CoveredOptions {
  /** A revision: the commit whose policy and list of keys count. */
  readonly base: string
  /** One line for `sh -c`, as the job would run it; null: every target of the policy of the base. */
  readonly command: string | null
  readonly maxAgeMs: number
}

/** Whether a job may be skipped. `session`, `commit`: the proof that covers it; null: none does. */
export interface CoveredResult {
  readonly covered: boolean
  readonly reason: string
  readonly session: string | null
  readonly commit: string | null
}
