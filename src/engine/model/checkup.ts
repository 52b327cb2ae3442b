import type { ErrorCode } from './error.ts'

/** What `doctor` looks at, in the order in which it tells. */
export const AREAS = [
  'git',
  'policy',
  'sandbox',
  'command',
  'provider',
  'clock',
  'disk',
  'leftovers',
  'exposure',
] as const
export type Area = (typeof AREAS)[number]

/**
 * What a look at one thing showed. `note`: `run` works, and this is worth knowing. `problem`: `run` would end with the
 * status of `code`. `mend`: the one command that changes it; null where none does. Foreign strings in it are raw.
 */
export type Checked =
  | { readonly level: 'ok'; readonly text: string }
  | { readonly level: 'note'; readonly text: string; readonly mend: string | null }
  | { readonly level: 'problem'; readonly text: string; readonly mend: string | null; readonly code: ErrorCode }

export type Check = Checked & { readonly area: Area }

export const ok = (text: string): Checked => ({ level: 'ok', text })
export const note = (text: string, mend: string | null = null): Checked => ({ level: 'note', text, mend })
