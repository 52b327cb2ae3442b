import type { Reading } from '../model/evidence.ts'
import type { RunPurpose } from '../model/run-purpose.ts'

/** What a session reports while it runs. Foreign strings in it are not escaped; the code that prints them has to do that. */
export type SessionEvent =
  | { readonly is: 'session'; readonly session: string; readonly base: string; readonly sandbox: string }
  | { readonly is: 'phase'; readonly name: string; readonly detail: string }
  | {
      readonly is: 'run'
      readonly step: RunPurpose
      readonly target: string
      readonly reading: Reading
      readonly durationMs: number
    }
  | {
      readonly is: 'attempt'
      readonly n: number
      readonly proposer: string
      readonly verdict: string
      readonly detail: string
    }
  /** What asking a proposer took. */
  | { readonly is: 'spent'; readonly proposer: string; readonly line: string }
  /** `stays`: it is a result, and no mere sign of life. */
  | { readonly is: 'progress'; readonly line: string; readonly stays?: true }
  | { readonly is: 'warning'; readonly text: string }

export interface Reporter {
  tell(event: SessionEvent): void
}
