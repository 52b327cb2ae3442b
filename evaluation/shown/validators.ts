import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { type EditCandidate, editCandidates } from '../../src/engine/core/search/index.ts'
import { validationWords } from '../../src/engine/core/trials/index.ts'
import { validators } from '../../src/engine/evidence/index.ts'
import { table } from './page.ts'
import { type Program, programs } from './programs.ts'

/**
 * Validators against the whole command, without a sandbox: the same candidates are judged by both, one after the other in the same
 * round. usage: validators.ts --corpus DIR [--set NAME] [--sample N] [--each N]; `--sample N`: N programs of each set, evenly spread;
 * `--each N`: N candidates of each program, evenly spread. Each disagreement is printed as it is found.
 */
const SETS = ['quixbugs', 'functions-dev', 'functions-dev-js']
/** In ms: how long the whole command may take with a candidate, on a busy machine, too. */
const LIMIT = 60_000

const { values } = parseArgs({
  options: {
    corpus: { type: 'string', default: join(import.meta.dirname, '..', 'bench', 'data') },
    set: { type: 'string' },
    sample: { type: 'string', default: '8' },
    each: { type: 'string', default: '40' },
  },
})

interface Judged {
  readonly candidates: number
  readonly agree: number
  /** It passes there and not in the command. */
  readonly wrongPass: number
  /** It passes in the command and not there. */
  readonly wrongFail: number
  readonly msInProcess: number
  readonly msWhole: number
}

async function main(): Promise<void> {
  const rows: (string | number)[][] = []
  for (const set of SETS.filter((one) => values.set === undefined || one === values.set)) {
    const all = await programs(join(values.corpus, `${set}.jsonl`))
    const every = Math.max(1, Math.floor(all.length / Number(values.sample)))
    const some = all.filter((_, at) => at % every === 0).slice(0, Number(values.sample))
    const judged = some.flatMap((one) => judge(one) ?? [])
    const sum = (of: (one: Judged) => number) => judged.reduce((total, one) => total + of(one), 0)
    const rate = (ms: number) => (sum(({ candidates }) => candidates) / ms) * 1000
    const [fast, whole] = [rate(sum((one) => one.msInProcess)), rate(sum((one) => one.msWhole))]
    rows.push([
      set,
      `${judged.length} of ${some.length}`,
      sum((one) => one.candidates),
      sum((one) => one.agree),
      sum((one) => one.wrongPass),
      sum((one) => one.wrongFail),
      fast.toFixed(1),
      whole.toFixed(1),
      (fast / whole).toFixed(1),
    ])
  }
  console.log(
    table(
      [
        'set',
        'programs taken over',
        'candidates',
        'same word',
        'passes only in the process',
        'passes only in the command',
        'a second in the process',
        'a second with the bare command',
        'times',
      ],
      rows,
    ),
  )
}

/** Null: the process cannot be used for this program. Candidates that take too long in either are not timed, and not counted. */
function judge(task: Program): Judged | null {
  const top = mkdtempSync(join(tmpdir(), 'pp-validators-'))
  try {
    const root = join(top, 'project')
    for (const [path, text] of Object.entries({ ...task.files, [task.file]: task.buggy })) put(root, path, text)
    const all = [...editCandidates(new Map([[task.file, task.buggy]]), [{ path: task.file, line: null, score: 1 }])]
    const every = Math.max(1, Math.floor(all.length / Number(values.each)))
    const some = all.filter((_, at) => at % every === 0).slice(0, Number(values.each))
    const words = inProcess(task, root, join(top, 'reports'), some)
    if (words === null) {
      process.stderr.write(`${task.id}: not taken over\n`)
      return null
    }
    // The wait for those that hang says nothing about the others, so a second round is timed without them.
    const ended = some
      .filter((_, at) => words.words.get(at) === 'passes' || words.words.get(at) === 'fails')
      .map((one) => ({ one, ...whole(task, root, one) }))
    const truth = ended.filter(({ late }) => !late)
    const quick = truth.map(({ one }) => one)
    const timed = inProcess(task, root, join(top, 'again'), quick) ?? words
    const said = quick.map((one) => words.words.get(some.indexOf(one)) === 'passes')
    const differ = (there: boolean) => truth.filter(({ passes }, at) => said[at] === there && passes !== there).length
    for (const [at, { passes }] of truth.entries())
      if (passes !== said[at])
        process.stderr.write(`${task.id}: ${JSON.stringify(quick[at])} the command says ${passes}\n`)
    return {
      candidates: quick.length,
      agree: quick.length - differ(true) - differ(false),
      wrongPass: differ(true),
      wrongFail: differ(false),
      msInProcess: timed.ms,
      msWhole: truth.reduce((total, { ms }) => total + ms, 0),
    }
  } finally {
    rmSync(top, { recursive: true, force: true })
  }
}

function put(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text, 'latin1')
}

function inProcess(task: Program, root: string, reports: string, some: readonly EditCandidate[]) {
  mkdirSync(reports, { recursive: true })
  const fitting = validators.filter((one) => one.validates(task.file))
  for (const one of fitting) for (const [name, bytes] of one.files()) writeFileSync(join(reports, name), bytes)
  const head = { seconds: 60, jobs: 1, lookOn: some.length, patience: 3 }
  const lines = [head, ...some].map((line) => JSON.stringify(line))
  writeFileSync(join(reports, 'pp-candidates.jsonl'), `${lines.join('\n')}\n`)
  const env = { PATH: process.env['PATH'] ?? '', HOME: root, LANG: 'C.UTF-8', PYTHONDONTWRITEBYTECODE: '1' }
  const own = Object.assign({}, env, ...fitting.map((one) => one.env({ reports, root, env }))) as Record<string, string>
  const began = performance.now()
  spawnSync('sh', ['-c', task.command], { cwd: root, env: own, stdio: 'ignore', timeout: 120_000 })
  const ms = performance.now() - began
  const said = validationWords(textOf(join(reports, 'pp-words.jsonl')))
  return said.base === null || said.cannot !== null ? null : { words: said.words, ms }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function whole(
  task: Program,
  root: string,
  { start, end, text }: EditCandidate,
): { passes: boolean; late: boolean; ms: number } {
  put(root, task.file, task.buggy.slice(0, start) + text + task.buggy.slice(end))
  const env = { PATH: process.env['PATH'] ?? '', HOME: root, LANG: 'C.UTF-8', PYTHONDONTWRITEBYTECODE: '1' }
  const began = performance.now()
  const { status } = spawnSync('sh', ['-c', task.command], { cwd: root, env, stdio: 'ignore', timeout: LIMIT })
  put(root, task.file, task.buggy)
  return { passes: status === 0, late: status === null, ms: performance.now() - began }
}

await main()
