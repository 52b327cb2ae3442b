import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Bed, bed, type Program, programs } from './programs.ts'

/**
 * What `git pp prove --patches` says of patches for small Python functions with one bug each: the right one for half of them, and a
 * wrong one in five ways for the others. The same file is given twice. Status 1 if a right patch is not PROVED, if a wrong one is, or
 * if something is run again whose verdict was decided.
 * usage: npx tsx evaluation/shown/patches.ts --corpus DIR [--sample N]; DIR holds functions-dev.jsonl
 */
const { values } = parseArgs({ options: { corpus: { type: 'string' }, sample: { type: 'string' } } })
if (values.corpus === undefined) throw new Error('--corpus DIR is missing')
const PYTHON = '/usr/bin/python3'
const AT_ONCE = 2

const FORGER = `import pytest


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    report.outcome = "passed"
`

/** The files of a wrong change, by the way in which it is wrong. */
const WRONG: Readonly<Record<string, (program: Program) => Readonly<Record<string, string>>>> = {
  'mends nothing': ({ file, buggy }) => ({ [file]: `${buggy}\n# It is right now.\n` }),
  'breaks it in another way': ({ file, buggy }) => ({ [file]: `${buggy}\nraise SystemExit(3)\n` }),
  'asks the test for less': ({ files }) =>
    Object.fromEntries(Object.keys(files).map((path) => [path, 'def test_it():\n    assert True\n'])),
  'forges the result': () => ({ 'conftest.py': FORGER }),
  'does not apply': ({ file, correct }) => ({ [file]: correct }),
}

interface Line {
  readonly id: string
  readonly base: string
  readonly patch: string
  readonly command: string
}
interface Verdict {
  readonly id: string
  readonly verdict: string
  readonly known: boolean
}

const all = await programs(join(values.corpus, 'functions-dev.jsonl'))
const half = Math.ceil(Number(values.sample ?? '100') / 2)
const ground = await bed('patches')
try {
  const chosen = all.slice(0, half)
  for (const { id, file, buggy, files } of chosen) await ground.write(inside(id, { [file]: buggy, ...files }))
  const base = await ground.commit('Functions with one bug each')
  const ways = Object.keys(WRONG)
  const lines: Line[] = []
  for (const [at, program] of chosen.entries()) {
    const { id, file, files, correct } = program
    const command = `${PYTHON} -m pytest -q ${id}/${Object.keys(files)[0]}`
    const right = await patchOf(ground, inside(id, { [file]: correct }))
    lines.push({ id: `${id}: right`, base, command, patch: right })
    const way = ways[at % ways.length] ?? ''
    const wrong = await patchOf(ground, inside(id, WRONG[way]?.(program) ?? {}))
    lines.push({ id: `${id}: ${way}`, base, command, patch: way === 'does not apply' ? bent(wrong) : wrong })
  }
  const input = join(ground.root, 'patches.jsonl')
  await writeFile(input, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  const began = performance.now()
  const first = await proved(ground, input)
  const took = (performance.now() - began) / 1000
  const second = await proved(ground, input)
  console.log('| the patch | how many | verdicts |\n|---|---|---|')
  for (const way of ['right', ...ways]) {
    const own = first.filter(({ id }) => id.endsWith(`: ${way}`))
    console.log(`| ${way} | ${own.length} | ${counted(own.map(({ verdict }) => verdict))} |`)
  }
  const again = second.filter(({ known, verdict }) => !known && verdict !== 'USAGE')
  const same = second.filter(({ id, verdict }) => first.find((one) => one.id === id)?.verdict === verdict)
  console.log(
    `\n${first.length} patches, ${AT_ONCE} sessions at once: ${took.toFixed(0)} s. The same file again: ${same.length} of ${second.length} verdicts are the same, and ${again.length} patches were run again.`,
  )
  const isRight = ({ id, verdict }: Verdict) => (verdict === 'PROVED') === id.endsWith(': right')
  process.exitCode = first.every(isRight) && again.length === 0 && same.length === second.length ? 0 : 1
} finally {
  await ground.remove()
}

function inside(id: string, files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${id}/${path}`, text]))
}

/** The diff of a change, which is taken back. */
async function patchOf({ git, write, root }: Bed, files: Readonly<Record<string, string>>): Promise<string> {
  await write(files)
  await git('add', '-A')
  const file = join(root, 'change.diff')
  await git('diff', '--cached', `--output=${file}`)
  await git('reset', '-q', '--hard')
  return readFile(file, 'utf8')
}

/** The same patch for another text: the lines that it takes away are not there. */
function bent(patch: string): string {
  return patch.replace(/^-(?!--)(.*)$/gm, '-$1 # gone')
}

async function proved({ pp }: Bed, input: string): Promise<readonly Verdict[]> {
  // Some of the bugs are loops without end.
  const { answer } = await pp([
    'prove',
    '--patches',
    input,
    '--jobs',
    String(AT_ONCE),
    '--runs',
    '1',
    '--hang-after',
    '20',
  ])
  return answer['patches'] as readonly Verdict[]
}

function counted(words: readonly string[]): string {
  const kinds = [...new Set(words)].sort()
  return kinds.map((kind) => `${words.filter((word) => word === kind).length} ${kind}`).join(', ')
}
