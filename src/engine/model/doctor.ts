import type { ErrorCode } from './error.ts'

/** The areas that `doctor` checks, in the order of its output. */
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
  'agent',
  'broker',
] as const
export type DoctorArea = (typeof AREAS)[number]

/**
 * The result of one check. `note`: `run` works, but this is worth knowing. `problem`: `run` would end with the status of
 * `code`. `mend`: the command that fixes it; null if there is none. Foreign strings in it are not escaped.
 */
export type DoctorFinding =
  | { readonly level: 'ok'; readonly text: string }
  | { readonly level: 'note'; readonly text: string; readonly mend: string | null }
  | { readonly level: 'problem'; readonly text: string; readonly mend: string | null; readonly code: ErrorCode }

export type DoctorCheck = DoctorFinding & { readonly area: DoctorArea }

export const okFinding = (text: string): DoctorFinding => ({ level: 'ok', text })
export const noteFinding = (text: string, mend: string | null = null): DoctorFinding => ({ level: 'note', text, mend })
