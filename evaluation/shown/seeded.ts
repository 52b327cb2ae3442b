import { existsSync } from 'node:fs'
import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Bed, bedOf, cloneOf } from '../real/bed.ts'
import { type Project, readProjects } from '../real/projects.ts'
import { localise, syntax } from './localised.ts'
import { middle, type Row, type Summary, seen, summaryTable, summaryText, top } from './localised-rows.ts'
import { type Mutant, mutants } from './mutants.ts'
import { putInto } from './page.ts'

/**
 * Seeded bugs of one line in real projects, those that a test notices: where the buggy function comes in the ranking, and whether
 * the first request shows the line.
 * usage: npx tsx evaluation/shown/seeded.ts --clones DIR [--work DIR] [--bugs N] [--seed N] [--projects A,B] [--kept FILE] [--write]
 * DIR has a clone of each project of evaluation/real/projects.json that is used. Every bug is a line of FILE as soon as it is done,
 * and is not measured again. `--write`: docs/context.md gets the table. Status 1 when a goal is missed.
 */
const { values } = parseArgs({
  options: {
    clones: { type: 'string', default: join(tmpdir(), 'pp-clones') },
    work: { type: 'string', default: join(tmpdir(), 'pp-seeded') },
    bugs: { type: 'string', default: '60' },
    seed: { type: 'string', default: '7' },
    projects: {
      type: 'string',
      default: 'jpadilla/pyjwt,simplejson/simplejson,micromatch/picomatch,minimistjs/minimist',
    },
    kept: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
})
const HANG_SEC = 90
const KEPT = values.kept ?? join(values.work, `seed-${values.seed}.jsonl`)

/** One mutant of a project; `row` null if no test notices it. */
interface Kept {
  readonly project: string
  readonly mutant: string
  readonly row: Row | null
}

const names = values.projects.split(',')
const chosen = (await readProjects()).filter(({ name }) => names.includes(name))
await mkdir(dirname(KEPT), { recursive: true })
const kept = new Map<string, Row | null>()
for (const line of existsSync(KEPT) ? (await readFile(KEPT, 'utf8')).split('\n').filter(Boolean) : []) {
  const { project, mutant, row } = JSON.parse(line) as Kept
  kept.set(`${project} ${mutant}`, row)
}
const sets: Summary[] = []
for (const project of chosen) {
  const bed = await bedOf(project, cloneOf(values.clones, project), values.work)
  sets.push(await seeded(project, bed, Number(values.bugs), Number(values.seed)))
  console.error(summaryTable(sets.slice(-1)))
}
const text = summaryText(sets)
console.log(text)
if (values.write) await putInto('context.md', 'seeded', text)
process.exitCode = sets.every(reached) ? 0 : 1

/** The goals: 95 of 100 lines shown, 50 first, 90 among the first ten; half of the requests have at most 1,400 tokens. */
function reached(set: Summary): boolean {
  const found = seen(set)
  const part = (n: number) => n / found.length
  return (
    part(found.filter(({ shown }) => shown).length) >= 0.95 &&
    part(top(found, 1)) >= 0.5 &&
    part(top(found, 10)) >= 0.9 &&
    middle(found.map(({ tokens }) => tokens)) <= 1400
  )
}

async function seeded(project: Project, bed: Bed, wanted: number, seed: number): Promise<Summary> {
  await bed.at(project.commit)
  const files = await placesOf(project, bed)
  const rows: Row[] = []
  for (const mutant of mutants(files, seed)) {
    if (rows.length >= wanted) break
    const name = `${mutant.path}:${mutant.line} ${mutant.before.trim()} → ${mutant.after.trim()}`
    const known = kept.get(`${project.name} ${name}`)
    const row = known === undefined ? await tried(project, bed, mutant, files.get(mutant.path)?.text ?? '') : known
    if (known === undefined)
      await appendFile(KEPT, `${JSON.stringify({ project: project.name, mutant: name, row } satisfies Kept)}\n`)
    if (row !== null) rows.push(row)
  }
  return { title: `${project.name} (${project.language}, ${project.runner})`, rows }
}

/** The lines inside functions of the product. */
async function placesOf(project: Project, bed: Bed) {
  const listed = await bed.git('ls-files', '-z', '--', ...project.source.map((glob) => `:(glob)${glob}`))
  const tests = await bed.git('ls-files', '-z', '--', ...project.tests.map((glob) => `:(glob)${glob}`))
  const isTest = new Set(tests.split('\0'))
  const places = new Map<string, { text: string; lines: number[] }>()
  for (const path of listed.split('\0').filter((one) => one !== '' && !isTest.has(one))) {
    const text = (await bed.text(project.commit, path)) ?? ''
    const slices = (await syntax.functions(path, text)) ?? []
    const inside = slices.flatMap(({ headEnd, end }) =>
      Array.from({ length: end - headEnd }, (_, at) => headEnd + 1 + at),
    )
    if (inside.length > 0) places.set(path, { text, lines: [...new Set(inside)] })
  }
  return places
}

/** Null if no test notices it. */
async function tried(project: Project, bed: Bed, mutant: Mutant, text: string): Promise<Row | null> {
  const lines = text.split('\n')
  lines[mutant.line - 1] = mutant.after
  await bed.commit(project.commit, new Map([[mutant.path, { text: lines.join('\n') }]]), 'A project with a bug')
  if ((await bed.plain(project.whole, HANG_SEC)).code === 0) return null
  const repo = { dir: bed.dir, env: bed.env as Record<string, string> }
  const found = await localise(repo, mutant, project.whole, { trace: true, hangAfter: HANG_SEC })
  const name = `${mutant.path}:${mutant.line} ${mutant.before.trim()} → ${mutant.after.trim()}`
  return { name, found }
}
