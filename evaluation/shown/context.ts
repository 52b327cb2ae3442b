import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { localise } from './localised.ts'
import { type Row, type Summary, summaryText } from './localised-rows.ts'
import { type Mutated, ofMutants } from './mutated.ts'
import { putInto } from './page.ts'
import { bed, inParallel, type Program, programs } from './programs.ts'

/**
 * Where a bug of a known place comes in the ranking, and whether the first request shows it: the 40 programs of
 * evaluation/bench/data/quixbugs.jsonl in one tree, and random mutants of one line of networkx (Debian's python3-networkx), those that
 * at least one of its tests notices, so many of each seed. `--sample N`: about N programs and no mutants. `--write`:
 * docs/context.md gets the table. `--rows`: each bug as it is done, to stderr. Status 1 when a goal is missed.
 */
const { values } = parseArgs({
  options: {
    sample: { type: 'string' },
    write: { type: 'boolean', default: false },
    rows: { type: 'boolean', default: false },
    untraced: { type: 'boolean', default: false },
    mutants: { type: 'string', default: '42' },
    seeds: { type: 'string', default: '1' },
  },
})
const trace = !values.untraced
/** Characters. */
const SHORT = 6000

const tell = (row: Row) => {
  if (values.rows) process.stderr.write(`${row.name}: ${JSON.stringify(row.found)}\n`)
}
const programsSet = await ofPrograms()
const mutated: Mutated[] = []
for (const seed of values.sample === undefined ? values.seeds.split(',').map(Number) : []) {
  const set = await ofMutants(Number(values.mutants), seed, { trace, tell })
  if (set !== null) mutated.push(set)
}
const sets = [programsSet, ...mutated]
const text = summaryText(sets)
console.log(text)
for (const { title, tried, rows } of mutated)
  console.log(`${title}: ${tried} tried, ${rows.length} that a test notices`)
if (mutated.length === 0) console.log('mutants: not measured (a sample, or no python3-networkx here)')
if (values.write && mutated.length > 0) await putInto('context.md', 'localisation', text)
const rows = mutated.flatMap((set) => set.rows)
process.exitCode =
  reached(programsSet.rows) && short(programsSet.rows) && (values.sample !== undefined || reached(rows)) ? 0 : 1

/** At least 98 of 100 bugs, rounded, stand in the first request. */
function reached(rows: readonly Row[]): boolean {
  const shown = rows.filter(({ found }) => typeof found !== 'string' && found.shown)
  return rows.length > 0 && shown.length / rows.length > 0.975
}

/** A bug of one line in a small repository takes a short prompt. */
function short(rows: readonly Row[]): boolean {
  return rows.every(({ found }) => typeof found === 'string' || found.promptCharacters <= SHORT)
}

async function ofPrograms(): Promise<Summary> {
  const all = await programs(join(import.meta.dirname, '..', 'bench', 'data', 'quixbugs.jsonl'))
  const step = values.sample === undefined ? 1 : Math.ceil(all.length / Number(values.sample))
  const chosen = all.filter((_, index) => index % step === 0)
  // Every program has all product files around it, so that there is something to tell apart.
  const others = Object.fromEntries(all.map(({ file, buggy }) => [file, buggy]))
  const rows = await inParallel(chosen, async (program) => {
    const repo = await bed(program.id)
    try {
      await repo.write({ ...others, ...program.files, [program.file]: program.buggy })
      await repo.commit('Programs with bugs')
      const found = await localise(repo, { path: program.file, line: lineOf(program) }, program.command, { trace })
      const row = { name: program.id, found }
      tell(row)
      return row
    } finally {
      await repo.remove()
    }
  })
  return { title: `QuixBugs: ${all.length} programs in one tree`, rows }
}

/** The first line that the right version has otherwise, blank and comment lines at the head left out. */
function lineOf({ buggy, correct }: Program): number {
  const head = (lines: readonly string[]) => lines.findIndex((line) => !/^(?:\s*|#.*)$/.test(line))
  const [a, b] = [buggy.split('\n'), correct.split('\n')]
  const [from, other] = [head(a), head(b)]
  return a.findIndex((line, at) => at >= from && line !== b[at - from + other]) + 1
}
