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
export type DoctorArea = (typeof AREAS)[number]

/**
 * What a look at one thing showed. `note`: `run` works, and this is worth knowing. `problem`: `run` would end with the
 * status of `code`. `mend`: the one command that changes it; null where none does. Foreign strings in it are raw.
 */
export type DoctorFinding =
  | { readonly level: 'ok'; readonly text: string }
  | { readonly level: 'note'; readonly text: string; readonly mend: string | null }
  | { readonly level: 'problem'; readonly text: string; readonly mend: string | null; readonly code: ErrorCode }

export type DoctorCheck = DoctorFinding & { readonly area: DoctorArea }

export const okFinding = (text: string): DoctorFinding => ({ level: 'ok', text })
export const noteFinding = (text: string, mend: string | null = null): DoctorFinding => ({ level: 'note', text, mend })
