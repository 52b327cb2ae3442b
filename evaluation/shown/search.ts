import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { table } from './page.ts'
import { type Answer, type Bed, bed, type Program, programs } from './programs.ts'

/**
 * The built-in search on small programs with one bug each: whole runs of `git pp run`, one after the other, from the command to the
 * proof. usage: search.ts [--corpus DIR] [--sample N] [--set NAME] [--seconds N] [--skip N] [--only ID,ID] [--hang-after N]; DIR holds quixbugs.jsonl,
 * functions-dev.jsonl and functions-dev-js.jsonl. `--sample N`: N programs of each set, evenly spread; `--skip N`: the ones after them.
 * On a machine on which the command takes seconds, `--hang-after` has to be much more than twice that.
 * correct: it gives what the right program gives, for arguments that are made from those of the tests (same-behaviour.py, .cjs).
 */
const SETS = ['quixbugs', 'functions-dev', 'functions-dev-js']
const OWN = join(import.meta.dirname, '..', 'bench', 'data')
const HERE = join(import.meta.dirname, 'search')
const run = promisify(execFile)
/** With fewer inputs it is not known whether a program is right. */
const LEAST_INPUTS = 200

interface Task extends Program {
  readonly entry?: string
}

interface Row {
  readonly id: string
  readonly verdict: string
  /** Whether it gives the same for `inputs` arguments; null: nothing was found, or there are too few arguments to tell. */
  readonly correct: boolean | null
  readonly inputs: number
  /** How many candidates were tried until the search ended. */
  readonly tried: number
  readonly rate: number | null
  readonly others: boolean
  /** A patch was shown that holds the expected value of the test. */
  readonly doubtful: boolean
  readonly seconds: number
  readonly patch: string | null
  /** What the search said, where nothing was proved. */
  readonly told: readonly string[]
}

const { values } = parseArgs({
  options: {
    corpus: { type: 'string' },
    sample: { type: 'string' },
    set: { type: 'string' },
    seconds: { type: 'string', default: '60' },
    skip: { type: 'string', default: '0' },
    only: { type: 'string' },
    'hang-after': { type: 'string', default: '10' },
  },
})

async function main(): Promise<void> {
  const lines: string[][] = []
  for (const set of setsHere().filter((one) => values.set === undefined || one === values.set)) {
    const all: readonly Task[] = await programs(join(values.corpus ?? OWN, `${set}.jsonl`))
    const rows: Row[] = []
    for (const task of sampled(all)) {
      const row = await search(task)
      rows.push(row)
      process.stderr.write(`${set} ${JSON.stringify(row)}\n`)
    }
    lines.push(summary(set, rows))
  }
  console.log(
    table(
      [
        'set',
        'programs',
        'PROVED',
        'correct',
        'overfit',
        'only the expected value',
        'tried, median',
        'seconds, median',
        'a second, median',
      ],
      lines,
    ),
  )
}

/** Without a corpus there is only what the benchmark has. */
function setsHere(): readonly string[] {
  return values.corpus === undefined ? SETS.slice(0, 1) : SETS
}

function sampled(all: readonly Task[]): readonly Task[] {
  if (values.only !== undefined) return all.filter(({ id }) => values.only?.split(',').includes(id))
  if (values.sample === undefined) return all
  const every = Math.max(1, Math.floor(all.length / Number(values.sample)))
  const skip = Number(values.skip)
  return all.filter((_, at) => at % every === skip % every).slice(0, Number(values.sample))
}

async function search(task: Task): Promise<Row> {
  const repo = await bed('search')
  try {
    await repo.write({ ...task.files, [task.file]: task.buggy })
    await repo.commit('A program with a bug')
    const began = performance.now()
    const { answer, said } = await askSearch(repo, task)
    const seconds = (performance.now() - began) / 1000
    const proved = answer.verdict === 'PROVED'
    const found = proved ? await repo.git('show', `${String(answer['final'])}:${task.file}`) : null
    const same = found !== null ? await compared(task, found) : null
    const [, tried = '0'] = /tried ([\d,]+) candidate/.exec(said) ?? []
    const rates = [...said.matchAll(/, (\d+) a second;/g)].map(([, rate]) => Number(rate))
    return {
      id: task.id,
      verdict: answer.verdict,
      correct: same === null ? null : isCorrect(same),
      inputs: same?.inputs ?? 0,
      tried: Number(tried.replaceAll(',', '')),
      rate: rates[0] ?? null,
      others: JSON.stringify(answer['warnings'] ?? []).includes('do not tell this change'),
      doubtful: answer.reason.startsWith('holds the expected value'),
      seconds: Math.round(seconds * 10) / 10,
      patch: found === null ? null : await repo.git('diff', '-U0', 'HEAD', String(answer['final']), '--', task.file),
      told: proved ? [] : said.split('\n').filter((line) => line.includes('search')),
    }
  } finally {
    await repo.remove()
  }
}

function isCorrect({ inputs, different }: { inputs: number; different: string | null }): boolean | null {
  if (different !== null) return false
  return inputs < LEAST_INPUTS ? null : true
}

/** The answer, and all lines for people. */
async function askSearch(repo: Bed, { command }: Task): Promise<{ answer: Answer; said: string }> {
  const env = { PP_LIMITS_SEARCH_SECONDS: values.seconds }
  const words = ['run', command, '--provider', 'search', '--hang-after', values['hang-after']]
  const { answer, stderr } = await repo.pp(words, { env })
  return { answer, said: `${stderr}\n${answer.reason}` }
}

async function compared(task: Task, found: string): Promise<{ inputs: number; different: string | null }> {
  const top = await mkdtemp(join(tmpdir(), 'pp-compared-'))
  const isPython = task.file.endsWith('.py')
  try {
    const ending = isPython ? 'py' : 'cjs'
    const scratch = await bed('compared')
    await scratch.write({ ...task.files, [task.file]: task.correct })
    for (const [name, text] of [
      ['correct', task.correct],
      ['candidate', `${found}\n`],
    ] as const)
      await writeFile(join(top, `${name}.${ending}`), text)
    const script = join(HERE, `same-behaviour.${ending}`)
    const words = [join(top, `correct.${ending}`), join(top, `candidate.${ending}`), ...task.command.split(' ')]
    const argv = [script, scratch.dir, task.file, task.entry ?? task.id, ...words]
    const { stdout } = await run(isPython ? 'python3' : process.execPath, argv, { cwd: scratch.dir })
    await scratch.remove()
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { inputs: number; different: string | null }
  } finally {
    await rm(top, { recursive: true, force: true })
  }
}

function summary(set: string, rows: readonly Row[]): string[] {
  const proved = rows.filter(({ verdict }) => verdict === 'PROVED')
  const overfit = proved.filter(({ correct }) => correct === false)
  const of = (count: number, all: number) => `${count} (${all === 0 ? 0 : Math.round((100 * count) / all)} %)`
  return [
    set,
    String(rows.length),
    of(proved.length, rows.length),
    of(proved.filter(({ correct }) => correct).length, rows.length),
    of(overfit.length, proved.length),
    of(rows.filter(({ doubtful }) => doubtful).length, rows.length),
    String(median(proved.map(({ tried }) => tried))),
    String(median(proved.map(({ seconds }) => seconds))),
    String(median(rows.flatMap(({ rate }) => (rate === null ? [] : [rate])))),
  ]
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

await main()
