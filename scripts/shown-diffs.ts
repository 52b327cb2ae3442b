import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import * as z from 'zod'
import type { Files, Outcome } from '../src/engine/core/diff/outcome.ts'
import { proposeEdits } from '../src/engine/core/diff/reply.ts'
import { type Malformed, malformed, randomFrom } from './malformed-diffs.ts'

const Case = z.object({
  id: z.string(),
  kind: z.enum(['recover', 'refuse']),
  category: z.string(),
  reply: z.string(),
  expect: z.object({ files: z.record(z.string(), z.string().nullable()).optional(), refuse: z.string().optional() }),
})
type Case = z.infer<typeof Case>

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const equal = (a: Uint8Array | null, b: Uint8Array | null): boolean =>
  a === null || b === null ? a === b : Buffer.compare(a, b) === 0

function filesOf(contents: ReadonlyMap<string, Uint8Array>): Files {
  return { list: () => [...contents.keys()], text: (path) => contents.get(path) ?? null }
}

function judge(entry: Case, outcome: Outcome): string {
  if (entry.kind === 'refuse') {
    if (outcome.ok) return 'WRONG'
    return outcome.reason === entry.expect.refuse
      ? 'right'
      : `right, but as ${outcome.reason} for ${entry.expect.refuse}`
  }
  if (!outcome.ok) return `refused: ${outcome.reason}: ${outcome.message}`
  const wanted = Object.entries(entry.expect.files ?? {})
  const right =
    wanted.length === outcome.edits.size &&
    wanted.every(
      ([path, text]) =>
        outcome.edits.has(path) && equal(outcome.edits.get(path) ?? null, text === null ? null : encode(text)),
    )
  return right ? 'right' : 'WRONG'
}

async function corpus(dir: string): Promise<void> {
  const base = z.record(z.string(), z.string()).parse(JSON.parse(await readFile(join(dir, 'base.json'), 'utf8')))
  const files = filesOf(new Map(Object.entries(base).map(([path, text]) => [path, encode(text)])))
  const tally = new Map<string, number>()
  for (const name of (await readdir(join(dir, 'cases'))).sort()) {
    const entry = Case.parse(JSON.parse(await readFile(join(dir, 'cases', name), 'utf8')))
    const said = judge(entry, proposeEdits(entry.reply, files))
    const word = said.split(/[,:]/)[0] ?? said
    tally.set(`${entry.kind} ${word}`, (tally.get(`${entry.kind} ${word}`) ?? 0) + 1)
    if (said !== 'right') console.log(`${entry.id}: ${said}`)
  }
  console.log([...tally].map(([word, count]) => `${word} ${count}`).join(', '))
}

/** Python files below a directory, but for tests and packages installed into it. */
async function pythonFiles(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.py'))
  const paths = files.map((entry) => join(entry.parentPath, entry.name))
  return paths.filter((path) => !/(^|\/)(tests?|site-packages|idlelib|lib2to3)\//.test(relative(dir, path))).sort()
}

interface Source {
  readonly path: string
  readonly lines: readonly string[]
}

async function sourcesIn(dir: string): Promise<Source[]> {
  const sources: Source[] = []
  for (const file of await pythonFiles(dir)) {
    const text = await readFile(file, 'utf8')
    if (text.length < 2_000 || text.length > 100_000 || /[\r\f\t\ufffd]/.test(text) || !text.endsWith('\n')) continue
    sources.push({ path: relative(dir, file), lines: text.slice(0, -1).split('\n') })
  }
  return sources
}

/** Reads one malformed reply: 'right', 'WRONG' or the reason of the refusal, and what the engine says of it. */
function tried(one: Malformed, file: Source): { said: string; why: string } {
  const before = encode(file.lines.map((line) => `${line}\n`).join(''))
  const outcome = proposeEdits(one.reply, filesOf(new Map([[file.path, before]])))
  if (!outcome.ok) return { said: outcome.reason, why: outcome.message }
  const right = outcome.edits.size === 1 && equal(outcome.edits.get(file.path) ?? null, encode(one.expected))
  return { said: right ? 'right' : 'WRONG', why: outcome.notes.join('; ') }
}

function stacked(sources: readonly Source[], seed: number, wanted: number, verbose: boolean): Map<string, number> {
  const random = randomFrom(seed)
  const tally = new Map<string, number>()
  for (let made = 0; made < wanted; ) {
    const file = sources[Math.floor(random() * sources.length)]
    const one = file === undefined ? null : malformed(random, file.path, file.lines)
    if (file === undefined || one === null) continue
    made += 1
    const { said, why } = tried(one, file)
    const key = `${one.unique ? 'unique' : 'other'} ${said}`
    tally.set(key, (tally.get(key) ?? 0) + 1)
    if (said === 'WRONG' || (verbose && one.unique && said !== 'right'))
      console.log(
        `--- seed ${seed} #${made} ${key} [${one.applied.join(', ')}] ${why}\n${one.reply.replaceAll('\r', '')}`,
      )
  }
  return tally
}

function summary(tally: ReadonlyMap<string, number>): string {
  const sum = (test: (key: string) => boolean): number =>
    [...tally].reduce((total, [key, count]) => total + (test(key) ? count : 0), 0)
  const unique = sum((key) => key.startsWith('unique'))
  const right = sum((key) => key === 'unique right')
  const share = ((100 * right) / unique).toFixed(1)
  const rows = [...tally].sort().map(([key, count]) => `${key} ${count}`)
  return `${rows.join(', ')}; right of unique ${right}/${unique} = ${share} %; WRONG ${sum((key) => key.endsWith('WRONG'))}`
}

const PER_SEED = 1000

async function randomEdits(dir: string, seeds: readonly number[], verbose: boolean): Promise<void> {
  const sources = await sourcesIn(dir)
  const all = new Map<string, number>()
  for (const seed of seeds) {
    const tally = stacked(sources, seed, PER_SEED, verbose)
    for (const [key, count] of tally) all.set(key, (all.get(key) ?? 0) + count)
    console.log(`seed ${seed}: ${summary(tally)}`)
  }
  console.log(`all of ${seeds.length * PER_SEED} over ${sources.length} files: ${summary(all)}`)
}

const { values } = parseArgs({
  options: {
    corpus: { type: 'string' },
    'python-project': { type: 'string' },
    seeds: { type: 'string', default: '1,2,3' },
    verbose: { type: 'boolean', default: false },
  },
})
if (values.corpus !== undefined) await corpus(values.corpus)
if (values['python-project'] !== undefined)
  await randomEdits(values['python-project'], values.seeds.split(',').map(Number), values.verbose)
