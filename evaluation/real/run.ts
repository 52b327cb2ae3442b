import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { programName } from './ask.ts'
import { bedOf, cloneOf } from './bed.ts'
import { choose } from './choose.ts'
import { COLUMNS, type Column } from './columns.ts'
import { PROJECTS, type Project, readProjects, writeProjects } from './projects.ts'
import { rowOf } from './row.ts'
import { type Asked, addRow, keyOf, readRows } from './rows.ts'
import { coverageOf, tableOf, wrongIn } from './table.ts'

/**
 * Real fixes of real projects, made into rows with known right verdicts; README.md has the rule and the usage.
 * usage: npx tsx evaluation/real/run.ts choose|run|table --clones DIR [--only NAME,…] [--shard I/N] [--columns NAME,…]
 *        [--runs N|auto] [--fixes N] [--whole] [--program DIR] [--work DIR] [--rows FILE] [--projects FILE]
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    clones: { type: 'string' },
    only: { type: 'string' },
    shard: { type: 'string', default: '1/1' },
    columns: { type: 'string', default: COLUMNS.join(',') },
    runs: { type: 'string', default: '1' },
    fixes: { type: 'string', default: '1000' },
    whole: { type: 'boolean', default: false },
    again: { type: 'boolean', default: false },
    program: { type: 'string', default: join(import.meta.dirname, '..', '..') },
    work: { type: 'string', default: join(tmpdir(), 'git-pp-real') },
    rows: { type: 'string' },
    projects: { type: 'string', default: PROJECTS },
  },
})
const ROWS = values.rows ?? join(values.work, 'rows.jsonl')
const say = (line: string) => process.stderr.write(`${line}\n`)

const commands: Readonly<Record<string, () => Promise<number>>> = { choose: chooseAll, run: runAll, table }
const command = commands[positionals[0] ?? '']
if (command === undefined) throw new Error(`say one of ${Object.keys(commands).join(', ')}`)
process.exitCode = await command()

/** Chooses fixes for projects that have none yet; `--again` also for the others. */
async function chooseAll(): Promise<number> {
  for (const project of named(await readProjects(values.projects))) {
    if (project.fixes.length > 0 && !values.again) continue
    const chosen = await choose(project, await bedOf(project, clone(project), values.work), say)
    // Read again: another shard may have written meanwhile.
    const all = await readProjects(values.projects)
    await writeProjects(
      all.map((one) => (one.name === chosen.name ? chosen : one)),
      values.projects,
    )
  }
  return 0
}

async function runAll(): Promise<number> {
  const done = await readRows(ROWS)
  for (const project of named(await readProjects(values.projects))) {
    for (const fix of project.fixes.slice(0, Number(values.fixes))) {
      for (const asked of askedOf(project, fix.commit, fix === project.fixes[0])) {
        if (done.has(keyOf(asked)) && !values.again) continue
        const bed = await bedOf(project, clone(project), values.work)
        const called = await programName(values.program)
        const row = await rowOf(asked, { project, bed, fix, program: values.program, programName: called })
        await addRow(ROWS, row)
        const { outcome } = row
        const told = outcome.how === 'answered' ? `${outcome.right ? '' : 'WRONG '}${outcome.verdict}` : outcome.why
        say(`${keyOf(asked)}: ${told}`)
      }
    }
  }
  return table()
}

async function table(): Promise<number> {
  const rows = [...(await readRows(ROWS)).values()]
  console.log(`${tableOf(rows)}\n${coverageOf(rows, await readProjects(values.projects))}`)
  return wrongIn(rows) === 0 ? 0 : 1
}

/** The rows of a fix; with `--whole` the first fix of a project is also run with its whole suite. */
function askedOf(project: Project, commit: string, first: boolean): readonly Asked[] {
  const columns = values.columns.split(',').map(columnOf)
  const asked = { project: project.name, commit, runs: values.runs }
  const rows: Asked[] = columns.map((column) => ({ ...asked, column, scope: 'tests' }))
  return first && values.whole ? [...rows, { ...asked, column: 'fix', scope: 'whole' }] : rows
}

function columnOf(word: string): Column {
  const column = COLUMNS.find((one) => one === word)
  if (column === undefined) throw new Error(`no such column: ${word}; known: ${COLUMNS.join(', ')}`)
  return column
}

function named(projects: readonly Project[]): readonly Project[] {
  const only = values.only?.split(',')
  const [shard = 1, of = 1] = values.shard.split('/').map(Number)
  return projects.filter(({ name }, index) => (only ? only.includes(name) : index % of === shard - 1))
}

function clone(project: Project): string {
  if (values.clones === undefined) throw new Error('--clones DIR: where the bare clones are')
  return cloneOf(values.clones, project)
}
