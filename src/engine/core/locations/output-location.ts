import type { SourcePosition } from './position-patterns.ts'

/**
 * `fail`: where the failure happened, or what a diagnostic points at; `frame`: a call on the way there; `cause`: what a note
 * adds.
 */
export type LocationRole = 'fail' | 'frame' | 'cause'

/** A place that an output names, `path` as it is printed. Lines and columns count from 1. */
export interface OutputLocation extends SourcePosition {
  readonly role: LocationRole
  /** The line that names it, trimmed and cut to 300 characters. */
  readonly text: string
  /** The number of its trace; frames of one trace share it, innermost first. */
  readonly stack: number | null
  /** The directory in which the tool said it was. */
  readonly within?: string
}
