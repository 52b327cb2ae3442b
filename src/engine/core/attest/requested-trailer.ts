import { PpError } from '../../model/error.ts'

/** The key of git config that holds the requested trailer. */
export const TRAILER_KEY = 'pp.trailer'

/**
 * A trailer that the user wants on proved commits besides ours, such as 'Assisted-by: NAME', in the form of
 * git-interpret-trailers(1); null if none is requested. Throws USAGE for a text that is not a trailer, or that is our own
 * trailer.
 */
export function requestedTrailer(value: string | null | undefined): string | null {
  if (value === undefined || value === null || value === '') return null
  if (/^[A-Za-z0-9-]{1,60}: [^\p{Cc}\s][^\p{Cc}]{0,200}$/u.test(value) && !/^patch-proof:/i.test(value)) return value
  throw new PpError('USAGE', `git config ${TRAILER_KEY} must be a commit trailer, but is: ${value.slice(0, 80)}`, {
    mend: `git config ${TRAILER_KEY} "Assisted-by: NAME"`,
  })
}
