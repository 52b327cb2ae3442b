/**
 * `npm test` has to end within minutes. Where a test runs over a long table, it takes a part of it, always the same one; with
 * WHOLE=1, as `npm run shown -- tests` sets it, all of it.
 */
export const WHOLE = process.env['WHOLE'] === '1'

/** Every so many of them, the first among them. */
export function sampled<T>(all: readonly T[], every: number): readonly T[] {
  return WHOLE ? all : all.filter((_, at) => at % every === 0)
}
