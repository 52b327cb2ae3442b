import type { SourcePosition } from './position-patterns.ts'

/** `fail`: where it broke or what a diagnostic points at; `frame`: on the way there; `cause`: what a note adds. */
export type LocationRole = 'fail' | 'frame' | 'cause'

/** A place that an output names, `path` as it is printed. Lines and columns count from 1. */
export interface OutputLocation extends SourcePosition {
  readonly role: LocationRole
  /** The line it stands in, trimmed and cut to 300 characters. */
  readonly text: string
  /** Frames of one trace share a number, and stand innermost first. */
  readonly stack: number | null
  /** The directory that its tool said to be in. */
  readonly within?: string
}
