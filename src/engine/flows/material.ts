import { printed } from '../core/ansi.ts'
import { type FailingTest, pack } from '../core/context/pack.ts'
import { failingTests } from '../core/localise/failing-tests.ts'
import { type Clue, rank } from '../core/localise/rank.ts'
import { identifiers, imported } from '../core/localise/relations.ts'
import { type Place, suspects } from '../core/localise/suspects.ts'
import { namedByCommand } from '../core/locations.ts'
import { spell } from '../model/command.ts'
import type { FunctionSlice } from '../model/trace.ts'
import type { Syntax } from '../ports/syntax.ts'
import type { Tracer } from '../ports/tracer.ts'
import { type Round, reds } from './round.ts'
import type { Session } from './session.ts'
import { traced } from './trace.ts'

/** What a proposer may see of the base: its files (no judges' secrets, no policy, no oversized or binary ones) and the failure. */
export interface Material {
  /** Every file of the base that may be read, path → bytes; judges are readable, changing them is refused later. */
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly texts: ReadonlyMap<string, string>
  /** Lines of product files, the most suspicious first. */
  readonly places: readonly Place[]
  /** Prompt body for a budget in tokens. */
  context(tokens: number): string
}

/** What material is made with. `hidden`: paths that no proposer reads. */
export interface Instruments {
  readonly hidden: (path: string) => boolean
  readonly syntax: Syntax
  readonly tracers: readonly Tracer[]
}

const FILE_LIMIT = 512 * 1024
const TOTAL_LIMIT = 64 * 1024 * 1024
/** Characters of product and of tests that are taken apart into functions; about two seconds. */
const PARSED = 2_000_000
/** Files that have to do where nothing points to any. */
const LAST_RESORT = 50

export async function material(session: Session, base: Round, instruments: Instruments): Promise<Material> {
  const { files, texts } = await readFiles(session, instruments.hidden)
  const red = reds(base)
  const isTest = (path: string) => session.judgeOf(path) !== null
  const traces = await traced(session, base, instruments.tracers, texts)
  const spectra = traces.flatMap((trace) => trace.spectra)
  const places: readonly Clue[] = [
    ...red.flatMap(({ execution }) => session.inspector.places(execution)),
    ...traces.flatMap((trace) =>
      trace.frames.map((frame, at) => ({ ...frame, role: at === 0 ? ('fail' as const) : ('frame' as const) })),
    ),
  ]
  const failed = red
    .flatMap(({ tests }) => tests?.tests ?? [])
    .filter(({ outcome }) => outcome === 'failed' || outcome === 'error')
  const testFiles = new Map([...texts].filter(([path]) => session.judgeOf(path) === 'test'))
  const ran = spectra.filter((one) => one.failed).flatMap(({ lines }) => [...lines.keys()])
  const testFunctions = await functionsOf(
    instruments.syntax,
    testFiles,
    first([...paths(places), ...ran, ...testFiles.keys()]),
  )
  const tests = failingTests(failed, places, { texts: testFiles, functions: testFunctions })
  const output = red.map(({ execution }) => printed(execution)).join('\n')
  const product = new Map([...texts].filter(([path]) => !isTest(path)))
  const words = identifiers(
    [...tests.map((test) => textOf(test, texts)), ...failed.map(({ message }) => message ?? '')].join('\n'),
  )
  const near = nearby(
    red.map(({ target }) => spell(target.command)),
    [...tests.map(({ path }) => path), ...paths(places)],
    texts,
    product,
  )
  const defined = [...product].filter(([, text]) => defines(text, words)).map(([path]) => path)
  const functions = await functionsOf(
    instruments.syntax,
    product,
    first([...paths(places), ...ran, ...near, ...defined]),
  )
  const known = { spectra, places, words, near: new Set(near) }
  const { ranked, suspicion } = rank(functions, known)
  const scene = { output, tests, ranked, texts, functions, isTest, ran: suspicion.ran }
  return { files, texts, places: suspects(ranked), context: (tokens) => pack(scene, tokens) }
}

async function readFiles(session: Session, hidden: (path: string) => boolean) {
  const files = new Map<string, Uint8Array>()
  const texts = new Map<string, string>()
  let total = 0
  for (const { path, mode, oid } of await session.objects.list(session.base.tree)) {
    if (!mode.startsWith('100') || hidden(path) || total > TOTAL_LIMIT) continue
    const bytes = await session.objects.read(oid)
    if (bytes.length > FILE_LIMIT) continue
    total += bytes.length
    files.set(path, bytes)
    if (!bytes.includes(0)) texts.set(path, decode(session.redactor.redact(bytes).bytes))
  }
  return { files, texts }
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

function paths(places: readonly { readonly path: string }[]): readonly string[] {
  return places.map(({ path }) => path)
}

function first<T>(all: readonly T[]): readonly T[] {
  return [...new Set(all)]
}

/** The functions of these files, in this order, as far as the time is worth it; null-byte and unknown files have none. */
async function functionsOf(
  syntax: Syntax,
  texts: ReadonlyMap<string, string>,
  wanted: readonly string[],
): Promise<Map<string, readonly FunctionSlice[]>> {
  const functions = new Map<string, readonly FunctionSlice[]>()
  let left = PARSED
  for (const path of wanted) {
    const text = texts.get(path)
    if (text === undefined || text.length > left) continue
    left -= text.length
    functions.set(path, (await syntax.functions(path, text)) ?? [])
  }
  return functions
}

function textOf({ path, slice, line }: FailingTest, texts: ReadonlyMap<string, string>): string {
  const lines = (texts.get(path) ?? '').split('\n')
  if (slice) return lines.slice(slice.start - 1, slice.end).join('\n')
  return line === null ? '' : lines.slice(Math.max(0, line - 6), line + 5).join('\n')
}

const DEFINITION =
  /\b(?:def|function|func|fn|fun|sub|class|struct|interface|type|enum|trait|module)\s+(?:\([^)]*\)\s*)?(\w+)/g

function defines(text: string, words: ReadonlySet<string>): boolean {
  return [...text.matchAll(DEFINITION)].some(([, name = '']) => words.has(name))
}

/** Product files that the failing tests import or the command names, and what those import; all of a small product where nothing does. */
function nearby(
  commands: readonly string[],
  from: readonly string[],
  texts: ReadonlyMap<string, string>,
  product: ReadonlyMap<string, string>,
): readonly string[] {
  const all = [...product.keys()]
  const named = commands.flatMap((command) => paths(namedByCommand(command))).map((path) => path.replace(/^\.\//, ''))
  const start = first([...named.filter((path) => texts.has(path)), ...from])
  const imports = start.flatMap((path) => imported(texts.get(path) ?? '', path, all))
  const near = first([...start.filter((path) => product.has(path)), ...imports])
  if (near.length > 0 || from.length > 0) return near
  return all.sort((a, b) => (product.get(a)?.length ?? 0) - (product.get(b)?.length ?? 0)).slice(0, LAST_RESORT)
}

/** The end of what a round's first red printed; for the next request. */
export function lastOutput(round: Round): string | null {
  const red = reds(round)[0]
  return red ? printed(red.execution).slice(-4000) : null
}
