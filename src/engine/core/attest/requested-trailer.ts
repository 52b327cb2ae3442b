import { PpError } from '../../model/error.ts'

/** The setting of git config that holds it. */
export const TRAILER_KEY = 'pp.trailer'

/**
 * A trailer that the user wants on proved commits beside ours, such as 'Assisted-by: NAME', as git-interpret-trailers(1)
 * reads them; null where none is asked for. Throws USAGE for what is none, or is ours.
 */
export function requestedTrailer(value: string | null | undefined): string | null {
  if (value === undefined || value === null || value === '') return null
  if (/^[A-Za-z0-9-]{1,60}: [^\p{Cc}\s][^\p{Cc}]{0,200}$/u.test(value) && !/^patch-proof:/i.test(value)) return value
  throw new PpError('USAGE', `git config ${TRAILER_KEY} must be a commit trailer, but is: ${value.slice(0, 80)}`, {
    mend: `git config ${TRAILER_KEY} "Assisted-by: NAME"`,
  })
}
