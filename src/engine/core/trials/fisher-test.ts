import type { FailureTally } from '../../model/session.ts'

/** Two failure rates count as told apart if the probability is below 1 in this number. */
const ONE_IN = 100n
/** Probabilities are kept in millionths and rounded up, so that none is reported as smaller than it is. */
const PARTS = 1_000_000n

/** C(n, k), exact. */
export function binomial(n: number, k: number): bigint {
  if (k < 0 || k > n) return 0n
  let product = 1n
  for (let i = 1; i <= Math.min(k, n - k); i++) product = (product * BigInt(n - i + 1)) / BigInt(i)
  return product
}

/** Fisher's exact test, one-sided, as a fraction: how often chance alone gives `before` this many of all failures, or more. */
function fisher(before: FailureTally, after: FailureTally): readonly [part: bigint, whole: bigint] {
  const failed = before.failed + after.failed
  let part = 0n
  for (let k = before.failed; k <= Math.min(before.runs, failed); k++)
    part += binomial(before.runs, k) * binomial(after.runs, failed - k)
  return [part, binomial(before.runs + after.runs, failed)]
}

/** The probability (0 to 1) that `after` fails less often only by chance: R. A. Fisher, one-sided, rounded up to millionths. */
export function fisherProbability(before: FailureTally, after: FailureTally): number {
  const [part, whole] = fisher(before, after)
  return Number((part * PARTS + whole - 1n) / whole) / Number(PARTS)
}

/** Whether that probability is below 1 %, decided with whole numbers. */
export function differsSignificantly(before: FailureTally, after: FailureTally): boolean {
  const [part, whole] = fisher(before, after)
  return part * ONE_IN < whole
}

/** After how many runs without a failure a command that fails as often as this one would have failed, except in 1 case of 100. */
export function runsToSeeFailure({ runs, failed }: FailureTally): number {
  if (failed === 0) return Number.POSITIVE_INFINITY
  return failed >= runs ? 1 : Math.ceil(Math.log(1 / Number(ONE_IN)) / Math.log(1 - failed / runs))
}

/** How often a command may still fail after this many runs without a failure: in percent, with 95 % confidence, rounded up. */
export function residualFailureRate(runs: number): number {
  return Math.ceil(100 * (1 - 0.05 ** (1 / runs)))
}
