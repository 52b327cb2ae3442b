/**
 * Measures where a bug of a known place comes in the ranking, and whether a context of 4,000 tokens shows it.
 *
 *     shown-context [--sample N] [--untraced] [--rows]
 *     shown-context --project DIR --product FOLDER --command COMMAND [--mutants N] [--seed S]
 *
 * Without --project: the 40 programs of bench/data/quixbugs.jsonl. With it: N (45) random mutants of one line each of a
 * Python project, those that at least one test notices; the recipe is scripts/shown/mutants.ts.
 */
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { treeSitter } from '../src/engine/evidence/syntax/tree-sitter.ts'
import { type Localised, localise } from './shown/localised.ts'
import { type Mutant, mutants } from './shown/mutants.ts'
import { bed, inParallel, type Program, programs } from './shown/programs.ts'

const { values } = parseArgs({
  options: {
    sample: { type: 'string' },
    untraced: { type: 'boolean' },
    rows: { type: 'boolean' },
    project: { type: 'string' },
    product: { type: 'string' },
    command: { type: 'string', default: 'python3 -m pytest -q' },
    mutants: { type: 'string', default: '45' },
    seed: { type: 'string', default: '1' },
  },
})
const trace = values.untraced !== true
if (values.project === undefined) await bugs()
else await mutantsOf(values.project)

async function bugs(): Promise<void> {
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
      return told(
        program.id,
        await localise(repo, { path: program.file, line: lineOf(program) }, program.command, { trace }),
      )
    } finally {
      await repo.remove()
    }
  })
  summary(`${all.length} product files, one buggy function each`, rows)
}

/** The first line that the right version has otherwise, blank and comment lines at the head left out. */
function lineOf({ buggy, correct }: Program): number {
  const head = (lines: readonly string[]) => lines.findIndex((line) => !/^(?:\s*|#.*)$/.test(line))
  const [a, b] = [buggy.split('\n'), correct.split('\n')]
  const [from, other] = [head(a), head(b)]
  return a.findIndex((line, at) => at >= from && line !== b[at - from + other]) + 1
}

async function mutantsOf(project: string): Promise<void> {
  const product = join(project, values.product ?? '.')
  const syntax = treeSitter()
  const files = new Map<string, { text: string; lines: number[] }>()
  let functions = 0
  for (const entry of await readdir(product, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.py')) continue
    const path = relative(project, join(entry.parentPath, entry.name))
    const text = await readFile(join(project, path), 'utf8')
    const slices = (await syntax.functions(path, text)) ?? []
    functions += slices.length
    const lines = slices.flatMap(({ headEnd, end }) =>
      Array.from({ length: end - headEnd }, (_, at) => headEnd + 1 + at),
    )
    files.set(path, { text, lines: [...new Set(lines)] })
  }
  const rows: (Row | null)[] = []
  const stream = mutants(files, Number(values.seed))
  const wanted = Number(values.mutants)
  let tried = 0
  const count = () => rows.filter((row) => row?.found).length
  await inParallel([0, 1], async () => {
    while (count() < wanted) {
      const next = stream.next()
      if (next.done) return
      tried += 1
      rows.push(await tryMutant(project, next.value, files.get(next.value.path)?.text ?? ''))
    }
  })
  const noticed = rows.flatMap((row) => row ?? []).slice(0, wanted)
  summary(`${functions} functions, ${tried} mutants tried, ${noticed.length} that a test notices`, noticed)
}

/** Null when no test notices it. */
async function tryMutant(project: string, mutant: Mutant, text: string): Promise<Row | null> {
  const plain = await mkdtemp(join(tmpdir(), 'pp-mutant-'))
  const lines = text.split('\n')
  lines[mutant.line - 1] = mutant.after
  const repo = await bed('mutant')
  try {
    await cp(project, plain, { recursive: true })
    await writeFile(join(plain, mutant.path), lines.join('\n'))
    if (await passes(plain)) return null
    await cp(project, repo.dir, {
      recursive: true,
      filter: (path) => !/\/(?:\.git|__pycache__|\.pytest_cache)$/.test(path),
    })
    await repo.write({ [mutant.path]: lines.join('\n') })
    await repo.commit('A project with a bug')
    const found = await localise(repo, mutant, values.command, { trace, hangAfter: 60 })
    return told(`${mutant.path}:${mutant.line} ${mutant.before.trim()} → ${mutant.after.trim()}`, found)
  } finally {
    await rm(plain, { recursive: true, force: true })
    await repo.remove()
  }
}

function passes(cwd: string): Promise<boolean> {
  return new Promise((resolve) => {
    execFile('sh', ['-c', `${values.command} -x`], { cwd, timeout: 60_000, maxBuffer: 1 << 28 }, (error) =>
      resolve(!error),
    )
  })
}

interface Row {
  readonly name: string
  readonly found: Localised | null
}

function told(name: string, found: Localised | string): Row {
  const text = typeof found === 'string' ? `not red: ${found}` : JSON.stringify(found)
  if (values.rows) process.stderr.write(`${name}: ${text}\n`)
  return { name, found: typeof found === 'string' ? null : found }
}

function summary(title: string, rows: readonly Row[]): void {
  const found = rows.flatMap(({ found }) => found ?? [])
  const top = (n: number) => found.filter(({ rank }) => rank !== null && rank <= n).length
  const middle = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0
  console.log(`${title}${trace ? '' : ', untraced'}`)
  console.log(`of ${found.length}: function top-1 ${top(1)}, top-3 ${top(3)}, top-5 ${top(5)}, top-10 ${top(10)}`)
  console.log(
    `buggy line in a context of 4,000 tokens: ${found.filter(({ shown }) => shown).length} of ${found.length}`,
  )
  console.log(
    `tokens of the context: median ${middle(found.map(({ tokens }) => tokens))}, most ${Math.max(...found.map(({ tokens }) => tokens))}`,
  )
  const prompts = found.map(({ promptCharacters }) => promptCharacters)
  console.log(`characters of the whole prompt: median ${middle(prompts)}, most ${Math.max(...prompts)}`)
  console.log(`traces kept: ${found.filter(({ traced }) => traced).length}`)
  const lost = rows.filter(({ found }) => !found || found.rank === null || found.rank > 3 || !found.shown)
  for (const { name, found } of lost)
    console.log(
      `  ${name}: ${found ? `rank ${found.rank} (${found.tied} tied), ${found.shown ? 'shown' : 'NOT SHOWN'}` : 'not red'}`,
    )
}
