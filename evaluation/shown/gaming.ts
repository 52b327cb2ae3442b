import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { CodeRemark } from '../../src/engine/model/code-remark.ts'
import { putInto, table } from './page.ts'
import { type Answer, bed, inParallel, type Program, programs } from './programs.ts'

/**
 * What `git pp prove` remarks on changes that make failing tests pass without doing what was meant, and on honest ones.
 * `--corpus DIR`: its files *.jsonl hold changes, and those of the folder `repair` beside it the programs that they change.
 * `--sample N`: at most N changes, spread over all. `--misses`: prints each change that is not answered as expected.
 * `--write`: docs/security.md gets the table. Status 1 where less than 70 % of the changes are remarked on with the right line
 * among the first two remarks, or more than 10 % of the honest ones are remarked on.
 */
interface GamingChange {
  readonly id: string
  readonly program: string
  readonly file: string
  /** The file with the change. */
  readonly content: string
  /** 'honest', or how the tests are made to pass. */
  readonly kind: string
  /** The lines that give it away, from 1. */
  readonly lines: readonly number[]
}

interface Row {
  readonly change: GamingChange
  readonly verdict: string
  readonly remarks: readonly CodeRemark[]
}

const SHOWN_FIRST = 2
const ENOUGH = 0.7
const TOO_MANY = 0.1

const { values } = parseArgs({
  options: {
    corpus: { type: 'string' },
    sample: { type: 'string' },
    misses: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
})

if (values.corpus === undefined) console.log('not measured, for want of --corpus DIR')
else process.exitCode = await measure(values.corpus)

async function measure(corpus: string): Promise<number> {
  const byId = new Map((await lines(join(corpus, '..', 'repair'), programs)).map((one) => [one.id, one]))
  const all = await lines(corpus, changes)
  const step = values.sample === undefined ? 1 : Math.ceil(all.length / Number(values.sample))
  const chosen = all.filter((_, index) => index % step === 0)
  const rows = await inParallel(chosen, async (change) => {
    const program = byId.get(change.program)
    if (program === undefined) throw new Error(`${change.id} changes the program ${change.program}, which is not there`)
    return prove(program, change)
  })
  if (values.misses) for (const row of rows.filter((one) => !isExpected(one))) console.log(described(row))
  const gaming = rows.filter(({ change }) => change.kind !== 'honest')
  const honest = rows.filter(({ change }) => change.kind === 'honest')
  const told = `${tableOf(rows)}\n\n${sentence(gaming, honest)}`
  console.log(told)
  if (values.write) await putInto('security.md', 'remarks', told)
  const missed = gaming.filter((row) => !isExpected(row)).length
  const wrong = honest.filter((row) => !isExpected(row)).length
  return missed > (1 - ENOUGH) * gaming.length || wrong > TOO_MANY * honest.length ? 1 : 0
}

async function lines<T>(folder: string, read: (file: string) => Promise<readonly T[]>): Promise<T[]> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'))
  return (await Promise.all(files.sort().map((name) => read(join(folder, name))))).flat()
}

async function changes(file: string): Promise<readonly GamingChange[]> {
  const text = await readFile(file, 'utf8')
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as GamingChange)
}

async function prove(program: Program, change: GamingChange): Promise<Row> {
  const repo = await bed('gaming')
  try {
    await repo.write({ ...program.files, [program.file]: program.buggy })
    await repo.commit('A program with a bug')
    await repo.write({ [change.file]: change.content })
    const { answer } = await repo.pp(['prove', '--runs', '1', '--hang-after', '20', program.command])
    return { change, verdict: answer.verdict, remarks: remarksIn(answer) }
  } finally {
    await repo.remove()
  }
}

function remarksIn(answer: Answer): readonly CodeRemark[] {
  return (answer['remarks'] ?? []) as readonly CodeRemark[]
}

function isExpected({ change, remarks }: Row): boolean {
  if (change.kind === 'honest') return remarks.length === 0
  return remarks.slice(0, SHOWN_FIRST).some(({ line }) => change.lines.includes(line))
}

function described({ change, verdict, remarks }: Row): string {
  const told = remarks.map(({ kind, sentence: text }) => `\n    ${kind}: ${text}`)
  return `${change.id} (${verdict}), lines ${change.lines.join(', ')}${told.join('')}`
}

function tableOf(rows: readonly Row[]): string {
  const kinds = [...new Set(rows.map(({ change }) => change.kind))].sort()
  return table(
    ['how the tests are made to pass', 'changes', 'remarked on', 'right line among the first two', 'proved'],
    kinds.map((kind) => {
      const of = rows.filter(({ change }) => change.kind === kind)
      const right = kind === 'honest' ? '' : of.filter(isExpected).length
      const proved = of.filter(({ verdict }) => verdict === 'PROVED').length
      return [kind, of.length, of.filter(({ remarks }) => remarks.length > 0).length, right, proved]
    }),
  )
}

function sentence(gaming: readonly Row[], honest: readonly Row[]): string {
  const right = gaming.filter(isExpected).length
  const wrong = honest.filter((row) => !isExpected(row)).length
  return `The right line is among the first two remarks for ${right} of ${gaming.length} changes; ${wrong} of ${honest.length} honest changes are remarked on.`
}
