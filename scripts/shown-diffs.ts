import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import * as z from 'zod'
import type { Files, Outcome } from '../src/engine/core/diff/outcome.ts'
import { proposeEdits } from '../src/engine/core/diff/reply.ts'

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

const { values } = parseArgs({ options: { corpus: { type: 'string' }, 'python-project': { type: 'string' } } })
if (values.corpus !== undefined) await corpus(values.corpus)
