import test from 'ava'
import {
  binomial,
  differsSignificantly,
  fisherProbability,
  residualFailureRate,
  runsToSeeFailure,
} from '../../../../src/engine/core/trials/fisher-test.ts'

const of = (failed: number, runs: number) => ({ failed, runs })

test('binomial coefficients are exact, large ones too', (t) => {
  t.is(binomial(5, 2), 10n)
  t.is(binomial(5, 6), 0n)
  t.is(binomial(120, 60), 96614908840363322603893139521372656n)
})

test('the chance is that of the published examples, one-sided, rounded up to millionths', (t) => {
  // R. A. Fisher's lady tasting tea, 8 cups: all right 1/70, one pair wrong 17/70.
  t.is(fisherProbability(of(4, 4), of(0, 4)), 0.014286)
  t.is(fisherProbability(of(3, 4), of(1, 4)), 0.242858)
  // fisher.test(matrix(c(1, 9, 11, 3), 2), alternative = "less") in R: 0.001379728.
  t.is(fisherProbability(of(9, 12), of(1, 12)), 0.00138)
  t.is(fisherProbability(of(7, 20), of(0, 20)), 0.004159)
})

test('where nothing failed, or as much on both sides, it is no less than one half', (t) => {
  t.is(fisherProbability(of(0, 20), of(0, 20)), 1)
  t.true(fisherProbability(of(5, 20), of(5, 20)) > 0.5)
  t.is(fisherProbability(of(0, 20), of(5, 20)), 1)
})

test('two rates are told apart below 1 %, so with 5 failures at the least, and with 7 however many runs there are', (t) => {
  const fewest = (runs: number) =>
    Array.from({ length: runs }, (_, at) => at + 1).find((failed) =>
      differsSignificantly(of(failed, runs), of(0, runs)),
    )
  t.deepEqual([4, 5, 6, 8, 10, 20, 60, 100].map(fewest), [undefined, 5, 5, 6, 6, 7, 7, 7])
  t.true(differsSignificantly(of(5, 19), of(0, 19)) === false)
  t.true(differsSignificantly(of(6, 19), of(0, 19)), 'p is 0.00983 there')
})

test('a chance is never told as smaller than it is, and never as none', (t) => {
  t.is(fisherProbability(of(60, 60), of(0, 60)), 0.000001)
})

test('how many runs show a failure again follows from how often it was seen', (t) => {
  t.is(runsToSeeFailure(of(5, 5)), 1)
  t.is(runsToSeeFailure(of(10, 20)), 7)
  t.is(runsToSeeFailure(of(0, 20)), Number.POSITIVE_INFINITY)
})

test('what never failed in 20 runs may still fail in 14 of 100', (t) => {
  t.is(residualFailureRate(20), 14)
  t.is(residualFailureRate(60), 5)
})
