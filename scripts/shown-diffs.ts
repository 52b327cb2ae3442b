import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import * as z from 'zod'
import type { Files, Outcome } from '../src/engine/core/diff/outcome.ts'
import { proposeEdits } from '../src/engine/core/diff/reply.ts'
import { malformed, randomFrom } from './malformed-diffs.ts'

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

const { values } = parseArgs({
  options: { corpus: { type: 'string' }, 'python-project': { type: 'string' }, verbose: { type: 'boolean' } },
})
if (values.corpus !== undefined) await corpus(values.corpus)

async function pythonFiles(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  return entries
    .filter(
      (entry) =>
        entry.isFile() && entry.name.endsWith('.py') && !/(^|\/)(tests?|idlelib|lib2to3)(\/|$)/.test(entry.parentPath),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

async function stacked(dir: string, seeds: readonly number[], perSeed: number): Promise<void> {
  const contents: { path: string; lines: string[] }[] = []
  for (const file of await pythonFiles(dir)) {
    const text = await readFile(file, 'utf8')
    if (text.length < 2_000 || text.length > 100_000 || /[\r\f\t\ufffd]/.test(text) || !text.endsWith('\n')) continue
    contents.push({ path: relative(dir, file), lines: text.slice(0, -1).split('\n') })
  }
  console.log(`${contents.length} files`)
  for (const seed of seeds) {
    const random = randomFrom(seed)
    const tally = new Map<string, number>()
    const count = (key: string): void => void tally.set(key, (tally.get(key) ?? 0) + 1)
    let made = 0
    const started = performance.now()
    while (made < perSeed) {
      const file = contents[Math.floor(random() * contents.length)]
      const one = file === undefined ? null : malformed(random, file.path, file.lines)
      if (file === undefined || one === null) continue
      made += 1
      const before = encode(file.lines.map((line) => `${line}\n`).join(''))
      const outcome = proposeEdits(one.reply, filesOf(new Map([[file.path, before]])))
      const said = !outcome.ok
        ? outcome.reason
        : equal(outcome.edits.get(file.path) ?? null, encode(one.expected))
          ? 'right'
          : 'WRONG'
      count(`${one.unique ? 'unique' : 'other'} ${said}`)
      const why = outcome.ok ? outcome.notes.join('; ') : outcome.message
      if (said === 'WRONG' || (values.verbose === true && one.unique && said !== 'right'))
        console.log(
          `--- seed ${seed} #${made} ${one.unique ? 'unique' : 'other'} ${said} [${one.applied.join(', ')}] ${why}\n${one.reply.replaceAll('\r', '')}`,
        )
    }
    const ms = Math.round((performance.now() - started) / perSeed)
    console.log(
      `seed ${seed}: ${[...tally]
        .sort()
        .map(([key, n]) => `${key} ${n}`)
        .join(', ')}; ${ms} ms each`,
    )
  }
}
if (values['python-project'] !== undefined) await stacked(values['python-project'], [1, 2, 3], 1000)
