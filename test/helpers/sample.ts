import test, { type ExecutionContext } from 'ava'

/**
 * `npm test` has to end within minutes. Where a test runs over a long table, it takes a part of it, always the same one; with
 * WHOLE=1, as `npm run shown -- tests` sets it, all of it.
 */
export const WHOLE = process.env['WHOLE'] === '1'

/** Every so many of them, the first among them. */
export function sampled<T>(all: readonly T[], every: number): readonly T[] {
  return WHOLE ? all : all.filter((_, at) => at % every === 0)
}

type Declare = (title: string, body: (t: ExecutionContext) => void | Promise<void>) => void

/** In the place of `test`: declares every so many tests of a file, the first among them. */
export function oneIn(every: number): Declare {
  let nth = 0
  return (title, body) => {
    if (WHOLE || nth++ % every === 0) test(title, body)
  }
}
