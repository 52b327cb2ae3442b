import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type EditCandidate, editCandidates } from '../../src/engine/core/search/index.ts'
import { type RuleWeights, WEIGHTS } from '../../src/engine/core/search/rule-weights.ts'
import { table } from './page.ts'
import { type Program, programs } from './programs.ts'
import { codeOf } from './search/same-code.ts'

/**
 * Fits the weights of the search's rules to where the right edit stands among the candidates, and prints what they are worth for
 * programs that they were not fitted to. usage: search-weights.ts --corpus DIR [--folds N] [--print]. Right is an edit that gives the
 * code of the right program; others that do the same are not known here, so that ranks are pessimistic. No program is run.
 * `--print` prints weights that are fitted to all programs.
 */
const SETS = ['quixbugs', 'functions-dev', 'functions-dev-js']
/** What a weight is multiplied with, and how many rounds over all rules. */
const STEPS = [0.5, 0.7, 1.4, 2]
const ROUNDS = 4
/** How much a weight may go away from its present value, as a factor, and what that costs. */
const FARTHEST = 2
const PULL = 2

const { values } = parseArgs({
  options: {
    corpus: { type: 'string', default: join(import.meta.dirname, '..', 'bench', 'data') },
    folds: { type: 'string', default: '5' },
    print: { type: 'boolean', default: false },
  },
})

/** A program with its candidates under the present weights. */
interface Listed {
  readonly program: Program
  readonly rules: readonly string[]
  readonly scores: Float64Array
  /** Indexes of the right candidates. */
  readonly right: readonly number[]
}

async function main(): Promise<void> {
  const rows: (string | number)[][] = []
  const everything: Listed[] = []
  for (const set of SETS) {
    const all = await programs(join(values.corpus, `${set}.jsonl`)).catch(() => [])
    const listed = all.map(list)
    everything.push(...listed.filter(({ right }) => right.length > 0))
    rows.push(row(`${set}, as they are`, all.length, ranksOf(listed, WEIGHTS)))
  }
  const held: { before: number[]; after: number[] } = { before: [], after: [] }
  const folds = Number(values.folds)
  for (let fold = 0; fold < folds; fold++) {
    const test = everything.filter((_, at) => at % folds === fold)
    const weights = fitted(everything.filter((_, at) => at % folds !== fold))
    const [before, after] = [ranksOf(test, WEIGHTS), ranksOf(test, weights)]
    held.before.push(...before)
    held.after.push(...after)
    rows.push(row(`fold ${fold + 1}, as they are`, test.length, before))
    rows.push(row(`fold ${fold + 1}, fitted to the others`, test.length, after))
  }
  rows.push(row('all folds, as they are', everything.length, held.before))
  rows.push(row('all folds, fitted to the others', everything.length, held.after))
  console.log(
    table(['programs', 'count', 'in the list', 'median', 'first 20', 'first 100', 'first 500', 'mean log2'], rows),
  )
  if (values.print) console.log(JSON.stringify(rounded(fitted(everything)), null, 2))
}

function list(program: Program): Listed {
  const wanted = codeOf(program.file, program.correct)
  const all = candidatesOf(program, WEIGHTS)
  const right = all.flatMap((one, at) => (isRight(program, one, wanted) ? [at] : []))
  return { program, rules: all.map(({ rule }) => rule), scores: Float64Array.from(all, ({ score }) => score), right }
}

function candidatesOf({ file, buggy }: Program, weights: RuleWeights): readonly EditCandidate[] {
  return [...editCandidates(new Map([[file, buggy]]), [{ path: file, line: null, score: 1 }], weights)]
}

function isRight({ file, buggy, correct }: Program, { start, end, text }: EditCandidate, wanted: string): boolean {
  const edited = buggy.slice(0, start) + text + buggy.slice(end)
  return Math.abs(edited.length - correct.length) < 4000 && codeOf(file, edited) === wanted
}

/** The exact ranks, from 1, of the first right candidate of each program that has one. */
function ranksOf(listed: readonly Listed[], weights: RuleWeights): number[] {
  return listed.flatMap(({ program, right }) => {
    if (right.length === 0) return []
    const wanted = codeOf(program.file, program.correct)
    return candidatesOf(program, weights).findIndex((one) => isRight(program, one, wanted)) + 1
  })
}

/** Changes one weight after the other while that helps. Which place a candidate has among those of its token is taken as it is. */
function fitted(listed: readonly Listed[]): RuleWeights {
  const weights: Record<string, number> = { ...WEIGHTS }
  let best = cost(listed, weights)
  for (let round = 0; round < ROUNDS; round++)
    for (const rule of Object.keys(weights))
      for (const step of STEPS) {
        const old = weights[rule] ?? 0.01
        const fresh = old * step
        const from = WEIGHTS[rule] ?? 0.01
        if (fresh > from * FARTHEST || fresh < from / FARTHEST) continue
        weights[rule] = fresh
        const now = cost(listed, weights)
        if (now < best) best = now
        else weights[rule] = old
      }
  return weights
}

function cost(listed: readonly Listed[], weights: Readonly<Record<string, number>>): number {
  const change = new Map<string, number>()
  let pull = 0
  for (const [rule, weight] of Object.entries(weights)) {
    const by = Math.log(weight / (WEIGHTS[rule] ?? 0.01))
    change.set(rule, by)
    pull += by * by
  }
  let sum = PULL * pull
  for (const { rules, scores, right } of listed) {
    const score = (at: number) => (scores[at] ?? 0) + (change.get(rules[at] ?? '') ?? 0)
    const top = Math.max(...right.map(score))
    let rank = 1
    for (let at = 0; at < scores.length; at++) if (score(at) > top) rank++
    sum += Math.log2(rank)
  }
  return sum
}

function row(name: string, count: number, ranks: readonly number[]): (string | number)[] {
  const sorted = [...ranks].sort((a, b) => a - b)
  const within = (most: number) => sorted.filter((rank) => rank <= most).length
  const mean = sorted.reduce((sum, rank) => sum + Math.log2(rank), 0) / Math.max(1, sorted.length)
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0
  return [name, count, sorted.length, median, within(20), within(100), within(500), mean.toFixed(2)]
}

function rounded(weights: RuleWeights): RuleWeights {
  return Object.fromEntries(Object.entries(weights).map(([rule, weight]) => [rule, Number(weight.toPrecision(2))]))
}

await main()
