import { existsSync } from 'node:fs'
import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { ownersOf } from '../../src/engine/core/context/suspicion-scores.ts'
import type { FunctionSlice } from '../../src/engine/model/trace.ts'
import { type Bed, bedOf, cloneOf } from '../real/bed.ts'
import { commandOf } from '../real/command.ts'
import { type Parts, partsOf } from '../real/fix.ts'
import { type Fix, type Project, readProjects } from '../real/projects.ts'
import { type FirstRequest, firstRequest, shows, syntax, tokensOf } from './localised.ts'
import { middle } from './localised-rows.ts'
import { putInto, table } from './page.ts'

/**
 * Whether the first request shows the functions that real fixes changed: the base with the tests of the fix, and the fixes that
 * evaluation/real chose.
 * usage: npx tsx evaluation/shown/fixes-context.ts --clones DIR [--work DIR] [--projects A,B] [--fixes N] [--kept FILE] [--write]
 * N: fixes of each project. Every fix is a line of FILE as soon as it is done, and is not measured again. `--write`: docs/context.md
 * gets the table. Status 1 when a goal is missed.
 */
const { values } = parseArgs({
  options: {
    clones: { type: 'string', default: join(tmpdir(), 'pp-clones') },
    work: { type: 'string', default: join(tmpdir(), 'pp-seeded') },
    projects: {
      type: 'string',
      default:
        'jpadilla/pyjwt,simplejson/simplejson,astanin/python-tabulate,micromatch/picomatch,minimistjs/minimist,ljharb/qs,delvedor/find-my-way',
    },
    fixes: { type: 'string', default: '5' },
    kept: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
})
const HANG_SEC = 90
const KEPT = values.kept ?? join(values.work, 'fixes.jsonl')

interface Row {
  readonly project: string
  readonly language: string
  readonly commit: string
  /** Null: the base with the tests of the fix is not red, or the fix changes no line inside of a function. */
  readonly found: {
    /** The functions that the fix changed and that a failing test ran; all of them, if nothing was traced. */
    readonly changed: number
    /** Of how many of them the first request shows more than the head. */
    readonly shown: number
    /** How many of them are shown at a line that the fix changed, or beside it. */
    readonly atChange: number
    readonly tokens: number
    readonly extraRuns: number
  } | null
}

await mkdir(dirname(KEPT), { recursive: true })
const kept = new Map<string, Row>()
for (const line of existsSync(KEPT) ? (await readFile(KEPT, 'utf8')).split('\n').filter(Boolean) : []) {
  const row = JSON.parse(line) as Row
  kept.set(`${row.project} ${row.commit}`, row)
}
const names = values.projects.split(',')
const rows: Row[] = []
for (const project of (await readProjects()).filter(({ name }) => names.includes(name))) {
  const bed = await bedOf(project, cloneOf(values.clones, project), values.work)
  for (const fix of project.fixes.slice(0, Number(values.fixes))) {
    const known = kept.get(`${project.name} ${fix.commit}`)
    const row = known ?? (await rowOf(project, bed, fix))
    if (known === undefined) await appendFile(KEPT, `${JSON.stringify(row)}\n`)
    rows.push(row)
  }
}
const languages = [...new Set(rows.map(({ language }) => language))]
const sets = [...languages.map((one) => rows.filter(({ language }) => language === one)), rows]
const measured = (set: readonly Row[]) => set.flatMap(({ found }) => found ?? [])
const line = (name: string, of: (found: readonly NonNullable<Row['found']>[]) => string | number) => [
  name,
  ...sets.map((set) => of(measured(set))),
]
const spread = (numbers: readonly number[]) => `${middle(numbers)}, ${Math.max(0, ...numbers)}`
const anyShown = (found: readonly NonNullable<Row['found']>[]) => found.filter(({ shown }) => shown > 0).length
const allShown = (found: readonly NonNullable<Row['found']>[]) =>
  found.filter(({ shown, changed }) => shown === changed).length
const text = [
  table(
    ['', ...languages, 'all'],
    [
      line('fixes that change functions', (found) => found.length),
      line('a changed function is shown', anyShown),
      line('all changed functions that a failing test ran are shown', allShown),
      line('a place that the fix changed is shown', (found) => found.filter(({ atChange }) => atChange > 0).length),
      line('tokens of the context: median, most', (found) => spread(found.map(({ tokens }) => tokens))),
      line('further runs of the command: median, most', (found) => spread(found.map(({ extraRuns }) => extraRuns))),
    ],
  ),
  '',
  ...rows.flatMap(({ project, commit, found }) =>
    found && found.shown === found.changed
      ? []
      : [`- ${project} ${commit.slice(0, 10)}: ${found ? `${found.shown} of ${found.changed} shown` : 'not measured'}`],
  ),
].join('\n')
console.log(text)
if (values.write) await putInto('context.md', 'fixes', text)
const found = measured(rows)
process.exitCode = anyShown(found) >= 0.85 * found.length && allShown(found) >= 0.7 * found.length ? 0 : 1

async function rowOf(project: Project, bed: Bed, fix: Fix): Promise<Row> {
  const parts = await partsOf(bed, project, fix.commit)
  await bed.commit(parts.base, parts.tested, 'Tests of a fix')
  const repo = { dir: bed.dir, env: bed.env as Record<string, string> }
  const how = { trace: true, hangAfter: HANG_SEC }
  const request = await firstRequest(repo, commandOf(project.command, fix.files), how)
  const row = { project: project.name, language: project.language, commit: fix.commit }
  if (typeof request === 'string') return { ...row, found: null }
  const all = await changedFunctions(bed, parts)
  const changed = request.traced ? all.filter((one) => wasRun(request, one)) : all
  if (changed.length === 0) return { ...row, found: null }
  const { context, extraRuns } = request
  const isShown = ({ path }: ChangedFunction, lines: readonly number[]) => lines.some((at) => shows(context, path, at))
  const body = ({ slice: { headEnd, end } }: ChangedFunction) =>
    Array.from({ length: end - headEnd }, (_, at) => headEnd + 1 + at)
  const around = ({ lines }: ChangedFunction) => lines.flatMap((at) => [at - 1, at, at + 1])
  const found = {
    changed: changed.length,
    shown: changed.filter((one) => isShown(one, body(one))).length,
    atChange: changed.filter((one) => isShown(one, around(one))).length,
    tokens: tokensOf(context),
    extraRuns,
  }
  return { ...row, found }
}

/** A function of the base, and those of its lines that the fix changes. */
interface ChangedFunction {
  readonly path: string
  readonly slice: FunctionSlice
  readonly lines: readonly number[]
}

async function changedFunctions(bed: Bed, parts: Parts): Promise<readonly ChangedFunction[]> {
  const changed: ChangedFunction[] = []
  for (const [path, lines] of await changedLines(bed, parts)) {
    const slices = (await syntax.functions(path, (await bed.text(parts.base, path)) ?? '')) ?? []
    const owner = ownersOf(slices)
    for (const [index, slice] of slices.entries()) {
      const own = lines.filter((at) => owner(at) === index)
      if (own.length > 0) changed.push({ path, slice, lines: own })
    }
  }
  return changed
}

function wasRun({ ranked }: FirstRequest, { path, slice }: ChangedFunction): boolean {
  return ranked.some((one) => one.path === path && one.slice?.start === slice.start && one.executed > 0)
}

/** Path → the lines of the base that the fix changes or puts something after. */
async function changedLines(
  bed: Bed,
  { base, commit, sourceOnly }: Parts,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const changed = new Map<string, number[]>()
  for (const path of sourceOnly.keys()) {
    const diff = await bed.git('diff', '-U0', '--no-renames', base, commit, '--', path)
    const lines = [...diff.matchAll(/^@@ -(\d+)(?:,(\d+))? \+/gm)].flatMap(([, start, count = '1']) =>
      Array.from({ length: Math.max(1, Number(count)) }, (_, at) => Number(start) + at),
    )
    changed.set(path, lines)
  }
  return changed
}
