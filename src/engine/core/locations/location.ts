import type { Named } from './patterns.ts'

/** `fail`: where it broke or what a diagnostic points at; `frame`: on the way there; `cause`: what a note adds. */
export type Role = 'fail' | 'frame' | 'cause'

/** A place that an output names, `path` as it is printed. Lines and columns count from 1. */
export interface Location extends Named {
  readonly role: Role
  /** The line it stands in, trimmed and cut to 300 characters. */
  readonly text: string
  /** Frames of one trace share a number, and stand innermost first. */
  readonly stack: number | null
  /** The directory that its tool said to be in. */
  readonly within?: string
}
