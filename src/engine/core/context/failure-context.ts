import type { FunctionSlice } from '../../model/trace.ts'
import type { ToldFailure } from './failure-summary.ts'
import type { RankedFunction } from './rank-functions.ts'

/** The place of a failing test; `slice` null if no function was found for it. */
export interface FailingTestLocation {
  readonly path: string
  readonly slice: FunctionSlice | null
  readonly line: number | null
}

/**
 * Everything that a context may be made of. All texts are redacted already, and it holds nothing that a proposer must not
 * see.
 */
export interface FailureContext {
  /** What each failing test says, as its runner tells it. */
  readonly failures?: readonly ToldFailure[]
  readonly output: string
  readonly tests: readonly FailingTestLocation[]
  /** Files that the failing run opened as data near the failure. */
  readonly data?: readonly string[]
  readonly ranked: readonly RankedFunction[]
  /** All files that may be shown. */
  readonly paths: readonly string[]
  /** Path → text of the files that `tests`, `ranked` and `functions` name. */
  readonly texts: ReadonlyMap<string, string>
  readonly functions: ReadonlyMap<string, readonly FunctionSlice[]>
  readonly isTest: (path: string) => boolean
  /** Whether a trace shows which code ran. */
  readonly traced: boolean
  /** Lines that failing tests ran; empty without a trace. */
  readonly ran: (path: string) => ReadonlySet<number>
}
