import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import * as z from 'zod'
import { proposeEdits } from '../../src/engine/core/reply/reply.ts'
import type { ReplyFiles, ReplyOutcome } from '../../src/engine/core/reply/reply-outcome.ts'
import { type Malformed, malformed, randomFrom } from '../../test/helpers/malformed-diffs.ts'
import { REPLY_CASES } from '../../test/unit/core/reply/cases/index.ts'
import { TREE } from '../../test/unit/core/reply/replies.ts'
import { putInto, table } from './page.ts'
import { pythonFiles, pythonSources } from './python-project.ts'

/**
 * How many replies become the diff that they mean. `--corpus DIR`: recorded ones, `base.json` (path → content) and
 * `cases/*.json` (`{kind, reply, expect}`). Always: the replies of the tests, and random edits, written down badly, of Python's own library and of
 * networkx (Debian's python3-networkx) where it is installed; the recipe is in docs/diffs.md. `--sample N`: N edits with the
 * first seed. `--write`: docs/diffs.md gets the tables. Status 1 for any wrong answer, or less than 97 % right of the unique ones.
 */
const { values } = parseArgs({
  options: {
    corpus: { type: 'string' },
    seeds: { type: 'string', default: '301,302,303' },
    sample: { type: 'string' },
    write: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
})
const seeds = values.seeds.split(',').map(Number)
const perSeed = values.sample === undefined ? 1000 : Number(values.sample)

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

function filesOf(contents: ReadonlyMap<string, Uint8Array>): ReplyFiles {
  return { list: () => [...contents.keys()], text: (path) => contents.get(path) ?? null }
}

function judge(entry: Case, outcome: ReplyOutcome): string {
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

type Tally = Map<string, number>

function count(tally: Tally, key: string): void {
  tally.set(key, (tally.get(key) ?? 0) + 1)
}

function sum(tally: Tally, test: (key: string) => boolean): number {
  return [...tally].reduce((total, [key, n]) => total + (test(key) ? n : 0), 0)
}

async function corpus(dir: string): Promise<Tally> {
  const base = z.record(z.string(), z.string()).parse(JSON.parse(await readFile(join(dir, 'base.json'), 'utf8')))
  const files = filesOf(new Map(Object.entries(base).map(([path, text]) => [path, encode(text)])))
  const tally: Tally = new Map()
  for (const name of (await readdir(join(dir, 'cases'))).sort()) {
    const entry = Case.parse(JSON.parse(await readFile(join(dir, 'cases', name), 'utf8')))
    const said = judge(entry, proposeEdits(entry.reply, files))
    count(tally, `${entry.kind} ${said.split(/[,:]/)[0] ?? said}`)
    if (said !== 'right') console.log(`${entry.id}: ${said}`)
  }
  return tally
}

interface Source {
  readonly path: string
  readonly lines: readonly string[]
}

async function sourcesIn(dir: string): Promise<Source[]> {
  const sources: Source[] = []
  for (const path of await pythonFiles(dir)) {
    if (/(^|\/)(tests?|idlelib|lib2to3)\//.test(path)) continue
    const text = await readFile(join(dir, path), 'utf8')
    if (text.length < 2_000 || text.length > 100_000 || /[\r\f\t\ufffd]/.test(text) || !text.endsWith('\n')) continue
    sources.push({ path, lines: text.slice(0, -1).split('\n') })
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

function stacked(sources: readonly Source[], seed: number, tally: Tally): void {
  const random = randomFrom(seed)
  for (let made = 0; made < perSeed; ) {
    const file = sources[Math.floor(random() * sources.length)]
    const one = file === undefined ? null : malformed(random, file.path, file.lines)
    if (file === undefined || one === null) continue
    made += 1
    const { said, why } = tried(one, file)
    const key = `${one.unique ? 'unique' : 'other'} ${said}`
    count(tally, key)
    if (said === 'WRONG' || (values.verbose && one.unique && said !== 'right'))
      console.error(
        `--- seed ${seed} #${made} ${key} [${one.applied.join(', ')}] ${why}\n${one.reply.replaceAll('\r', '')}`,
      )
  }
}

type Line = readonly [string, number | string, number | string, number]

function corpusLines(name: string, tally: Tally): Line[] {
  const of = (kind: string, word: string): number => tally.get(`${kind} ${word}`) ?? 0
  const all = (kind: string): number => sum(tally, (key) => key.startsWith(kind))
  return [
    [`${name} to recover: ${all('recover')}`, of('recover', 'right'), of('recover', 'refused'), of('recover', 'WRONG')],
    [`${name} to refuse, each with its reason: ${all('refuse')}`, of('refuse', 'right'), '', of('refuse', 'WRONG')],
  ]
}

function randomLines(name: string, tally: Tally): Line[] {
  return ['unique', 'other'].map((kind) => {
    const all = sum(tally, (key) => key.startsWith(kind))
    const [right, wrong] = [tally.get(`${kind} right`) ?? 0, tally.get(`${kind} WRONG`) ?? 0]
    const share = kind === 'unique' ? ` (${((100 * right) / all).toFixed(1)} %)` : ''
    const title = kind === 'unique' ? `${name}: ${all} with a unique answer` : `the same: the other ${all}`
    return [title, `${right}${share}`, all - right - wrong, wrong]
  })
}

/** The replies of the tests, whose meaning depends on what stands around the patch. */
function ownCases(): Tally {
  const tally: Tally = new Map()
  const files = filesOf(new Map(Object.entries(TREE).map(([path, text]) => [path, encode(text)])))
  for (const { what, reply, wanted } of REPLY_CASES) {
    const isText = typeof wanted === 'string'
    const expect = isText ? { refuse: wanted } : { files: wanted }
    const kind = isText ? 'refuse' : 'recover'
    const said = judge({ id: what, kind, category: '', reply, expect }, proposeEdits(reply, files))
    count(tally, `${kind} ${said.split(/[,:]/)[0] ?? said}`)
    if (said !== 'right') console.log(`${what}: ${said}`)
  }
  return tally
}

const lines: Line[] = []
let good = true
const own = ownCases()
lines.push(...corpusLines('replies of the tests', own))
good &&= sum(own, (key) => !key.endsWith(' right')) === 0
if (values.corpus === undefined) console.log('recorded replies: not measured, for want of --corpus DIR')
else {
  const tally = await corpus(values.corpus)
  lines.push(...corpusLines('recorded replies', tally))
  good &&= sum(tally, (key) => !key.endsWith(' right')) === 0
}
for (const project of ['stdlib', 'networkx'] as const) {
  const dir = await pythonSources(project)
  if (dir === null) {
    console.log(`random edits of ${project}: not measured, it is not on this machine`)
    continue
  }
  const sources = await sourcesIn(dir)
  const tally: Tally = new Map()
  const used = values.sample === undefined ? seeds : seeds.slice(0, 1)
  for (const seed of used) stacked(sources, seed, tally)
  const name = project === 'stdlib' ? `the library of ${basename(dir)}` : project
  lines.push(
    ...randomLines(
      `${used.length * perSeed} random edits of ${name} (${sources.length} files), seeds ${used.join(', ')}`,
      tally,
    ),
  )
  const unique = sum(tally, (key) => key.startsWith('unique'))
  good &&= (tally.get('unique right') ?? 0) >= 0.97 * unique && sum(tally, (key) => key.endsWith('WRONG')) === 0
}
const text = table(['', 'right', 'refused', 'WRONG'], lines)
console.log(text)
if (values.write && values.sample === undefined && values.corpus !== undefined)
  await putInto('diffs.md', 'figures', text)
process.exitCode = good ? 0 : 1
