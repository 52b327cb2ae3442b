import { join } from 'node:path'
import { startModelServer } from '../../test/helpers/model-server.ts'
import { type Bed, openBed, PATCH } from './bed.ts'
import { gateCosts } from './gate-rows.ts'
import { judge, type PairedCost, type Ratio, ratioOf } from './ratio.ts'

/**
 * What git pp costs beside what a shell script costs that does the same with git, and beside `node -e 0`: CPU of all processes, in
 * turn, medians and ratios with 95 % intervals. A row whose whole interval lies above its bound is missed, and the status is 1. A
 * row whose floor varies by more than 15 % is measured once more, and is no pass then either.
 * usage: npm run bench [-- --rounds 15] [--only TEXT]: only rows whose name holds TEXT
 */
const option = (name: string, fallback: string) => process.argv[process.argv.indexOf(name) + 1 || -1] ?? fallback
const rounds = Number(option('--rounds', '15'))
const only = option('--only', '')

interface Row {
  readonly name: string
  readonly bound: number
  round(): Promise<PairedCost>
  /** One figure of the medians; default: ours over the floor. */
  readonly value?: (ours: number, floor: number) => number
}

/** What is only started; some end with the status of a wrong command line. */
const STARTS: readonly (readonly [readonly string[], number])[] = [
  [['--version'], 1.2],
  [['--help'], 1.2],
  [['run', '--help'], 1.2],
  [['rnu'], 1.5],
  [['run', '--flie', 'x'], 1.5],
  [['log'], 2.2],
  [['show'], 2.2],
  [['verify', '--allow-unsigned'], 2.2],
]

const bed = openBed([0, 2])
const server = await startModelServer([{ does: 'reply', text: `\`\`\`diff\n${PATCH}\`\`\`\n` }])
try {
  console.log('| what | ratio (95 %) | bound | |\n|---|---|---|---|')
  let missed = 0
  for (const row of rowsOf(bed)) {
    if (!row.name.includes(only)) continue
    const first = await measured(row)
    const ratio = judge(first, row.bound) === 'not measurable now' ? await measured(row) : first
    const said = judge(ratio, row.bound)
    if (said !== 'holds') missed += 1
    const interval = `${ratio.ratio.toFixed(2)} (${ratio.low.toFixed(2)} to ${ratio.high.toFixed(2)})`
    console.log(`| ${row.name} | ${interval} | ${row.bound} | ${said} |`)
  }
  process.exitCode = missed === 0 ? 0 : 1
} finally {
  await server.close()
  bed.remove()
}

async function measured({ round, value }: Row): Promise<Ratio> {
  await round()
  const pairs: PairedCost[] = []
  for (let n = 0; n < rounds; n++) pairs.push(await round())
  return ratioOf(pairs, value)
}

function* rowsOf(bed: Bed): Iterable<Row> {
  const red = bed.repository(20)
  const mended = bed.repository(20, 'mended')
  const many = bed.repository(5000, 'mended')
  const test = 'node --test'
  const model = { PP_OPENAI_API_KEY: 'k', PP_OPENAI_MODEL: 'm', PP_OPENAI_BASE_URL: server.url }
  const cpu = async (one: Promise<{ readonly cpu: number }>) => (await one).cpu
  const node = () => cpu(bed.measure(red, [process.execPath, '-e', '0']))
  const floor = (repo: string, runs: 2 | 3, base: string) =>
    cpu(bed.measure(repo, [join(import.meta.dirname, 'floor.sh'), repo, join(bed.root, 'patch'), String(runs), base]))
  const prove = (...words: string[]) => cpu(bed.pp(mended, ['prove', 'HEAD', test, ...words]))
  const run = (...words: string[]) => cpu(bed.pp(red, ['run', test, '--provider', 'openai', ...words], model))
  const row = (name: string, bound: number, ours: () => Promise<number>, under: () => Promise<number>): Row => ({
    ...{ name, bound },
    round: async () => ({ floor: await under(), ours: await ours() }),
  })
  yield row(
    'prove --runs 0 / two runs in a shell script',
    1.7,
    () => prove('--runs', '0'),
    () => floor(mended, 2, 'HEAD~1'),
  )
  yield row(
    'run --runs 0 / two runs in a shell script',
    3,
    () => run('--runs', '0'),
    () => floor(red, 2, 'HEAD'),
  )
  yield row(
    'run --runs 1 / three runs in a shell script',
    2.4,
    () => run('--runs', '1'),
    () => floor(red, 3, 'HEAD'),
  )
  yield row(
    'run / two runs in a shell script',
    6.5,
    () => run(),
    () => floor(red, 2, 'HEAD'),
  )
  yield row(
    'prove of 5,000 files / of 20 files',
    1.15,
    () => cpu(bed.pp(many, ['prove', 'HEAD', test])),
    () => prove(),
  )
  // `grep` costs next to nothing, so what is left is our own.
  const light = (words: readonly string[]) => () => cpu(bed.pp(mended, words))
  const check = 'grep -q "a + b" calc.cjs'
  yield row('prove --runs 0 of grep / node -e 0', 8, light(['prove', 'HEAD', check, '--runs', '0']), node)
  yield row('prove of grep (seven runs) / node -e 0', 8 + 5 * 0.7, light(['prove', 'HEAD', check]), node)
  // A repository of its own, with one proof.
  const proved = bed.repository(21, 'mended')
  const prepared = bed.pp(proved, ['prove', 'HEAD', check])
  const reading = (words: readonly string[]) => async () => {
    await prepared
    return cpu(bed.pp(proved, words))
  }
  yield row('replay of grep / node -e 0', 6, reading(['replay', 'HEAD']), node)
  let costs: ReturnType<typeof gateCosts> | undefined
  const gate = () => {
    costs ??= gateCosts(bed)
    return costs
  }
  const unchanged = async () => (await gate()).unchanged()
  yield { ...row('gate without a change, in ms of CPU', 150, unchanged, node), value: (ours) => ours }
  const fixed = async () => (await gate()).fixed()
  const proved1 = async () => (await gate()).prove()
  yield row('gate after a fix / prove --runs 1', 2, fixed, proved1)
  for (const [words, bound] of STARTS) yield row(`${words.join(' ')} / node -e 0`, bound, reading(words), node)
}
