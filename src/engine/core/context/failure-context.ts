import type { FunctionSlice } from '../../model/trace.ts'
import type { RankedFunction } from './rank-functions.ts'

/** A failing test: where it stands; `slice` null where no function could be found for it. */
export interface FailingTestLocation {
  readonly path: string
  readonly slice: FunctionSlice | null
  readonly line: number | null
}

/** Everything a context may be made of; all texts redacted already, nothing in it that a proposer must not see. */
export interface FailureContext {
  readonly output: string
  readonly tests: readonly FailingTestLocation[]
  readonly ranked: readonly RankedFunction[]
  /** Path → text of every file that may be shown. */
  readonly texts: ReadonlyMap<string, string>
  readonly functions: ReadonlyMap<string, readonly FunctionSlice[]>
  readonly isTest: (path: string) => boolean
  /** Whether it is known what ran. */
  readonly traced: boolean
  /** Lines that failing tests ran; empty without a trace. */
  readonly ran: (path: string) => ReadonlySet<number>
}
