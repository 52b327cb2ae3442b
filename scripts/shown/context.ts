import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { localise } from './localised.ts'
import { lost, type Row, type Summary, summaryTable } from './localised-rows.ts'
import { ofMutants } from './mutated.ts'
import { putInto } from './page.ts'
import { bed, inParallel, type Program, programs } from './programs.ts'

/**
 * Where a bug of a known place comes in the ranking, and whether the first request shows it: the 40 programs of
 * bench/data/quixbugs.jsonl in one tree, and random mutants of one line of networkx (Debian's python3-networkx), those that
 * at least one of its tests notices. `--sample N`: about N programs and no mutants. `--write`: docs/context.md gets
 * the table. `--rows`: each bug as it is done, to stderr. Status 1 when a goal is missed.
 */
const { values } = parseArgs({
  options: {
    sample: { type: 'string' },
    write: { type: 'boolean', default: false },
    rows: { type: 'boolean', default: false },
    untraced: { type: 'boolean', default: false },
    mutants: { type: 'string', default: '42' },
    seed: { type: 'string', default: '1' },
  },
})
const trace = !values.untraced

const tell = (row: Row) => {
  if (values.rows) process.stderr.write(`${row.name}: ${JSON.stringify(row.found)}\n`)
}
const mutated =
  values.sample === undefined ? await ofMutants(Number(values.mutants), Number(values.seed), { trace, tell }) : null
const sets = [await ofPrograms(), ...(mutated === null ? [] : [mutated])]
const text = [
  summaryTable(sets),
  ...sets.flatMap((set) => lost(set)).map((line) => `- ${line.replaceAll('_', '\\_').replaceAll('*', '\\*')}`),
].join('\n')
console.log(text)
if (mutated === null) console.log('mutants: not measured (a sample, or no python3-networkx here)')
else console.log(`${mutated.tried} mutants tried, ${mutated.rows.length} that a test notices; seed ${values.seed}`)
if (values.write && mutated !== null) await putInto('context.md', 'localisation', text)
process.exitCode = sets.every(reached) ? 0 : 1

/** At least 98 of 100 bugs, rounded, stand in the first request. */
function reached({ rows }: Summary): boolean {
  const shown = rows.filter(({ found }) => typeof found !== 'string' && found.shown)
  return rows.length > 0 && shown.length / rows.length > 0.975
}

async function ofPrograms(): Promise<Summary> {
  const all = await programs(join(import.meta.dirname, '..', '..', 'bench', 'data', 'quixbugs.jsonl'))
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
