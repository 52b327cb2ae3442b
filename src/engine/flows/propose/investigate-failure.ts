import { printedText } from '../../core/bytes/index.ts'
import {
  dataOfTests,
  type FailingTestLocation,
  type FailureContext,
  type FailureLocation,
  failingTests,
  filesOfTests,
  identifiers,
  identifiersOutsideStrings,
  importedFiles,
  outputEnds,
  rankFunctions,
  tellsOf,
  withOutcomes,
  wordParts,
} from '../../core/context/index.ts'
import { filesNamedByCommand } from '../../core/locations/index.ts'
import { isSourceFile } from '../../core/paths/index.ts'
import { relativeToCheckout } from '../../core/redact/index.ts'
import { spellCommand } from '../../model/command.ts'
import type { TestCase } from '../../model/evidence.ts'
import type { FunctionSlice, Trace } from '../../model/trace.ts'
import type { Syntax } from '../../ports/syntax.ts'
import { failuresOf, type Measurement } from '../measure/index.ts'
import type { Session } from '../session/index.ts'
import { scanProduct } from './scan-product.ts'
import type { VisibleFiles } from './visible-files.ts'

/** Files that were split into functions, with their texts. */
interface ParsedFiles {
  readonly texts: ReadonlyMap<string, string>
  readonly functions: ReadonlyMap<string, readonly FunctionSlice[]>
}

/** How many characters of the product, and again of the tests, are split into functions; that takes about two seconds. */
const PARSED = 2_000_000
/** With less than this left, hardly any further file would fit, and so none is read. */
const LEAST_LEFT = 50_000
/** How many files of the product are read if nothing points to any of them. */
const LAST_RESORT = 50

/** The parts of a session that finding the place of a failure uses. */
export type Investigating = Pick<Session, 'inspector' | 'judgeOf' | 'judges' | 'syntax'>

/** Collects what is known about a failure: the failing tests, and the functions of the product by suspicion. */
export async function investigateFailure(
  session: Investigating,
  red: readonly Measurement[],
  traces: readonly Trace[],
  files: VisibleFiles,
): Promise<FailureContext> {
  const { syntax } = session
  const places = placesOf(session, red, traces)
  const ran = traces.flatMap(({ spectra }) => spectra.flatMap((one) => (one.failed ? [...one.lines.keys()] : [])))
  const earlier = traces.flatMap(({ before }) => [...before.keys()])
  const isTest = (path: string) => session.judgeOf(path) !== null
  const product = files.paths.filter((path) => !isTest(path))
  const failures = red.flatMap((one) => failuresOf(session, one))
  const { tests, texts: testTexts } = await findTests(session, failures, [...paths(places), ...ran], places, files)
  const messages = failures.map(({ message }) => message?.split('\n', 1)[0] ?? '')
  const asked = tests.map((test) => textOf(test, testTexts)).join('\n')
  const data = await dataOf(session, traces, tests, { files, asked })
  const told = messages.join('\n')
  const words = new Set([...identifiersOutsideStrings(asked), ...identifiers(told)])
  const pointed = await nearby(red, [...paths(tests), ...paths(places)], files, product)
  const isLost = pointed.length === 0 && tests.length === 0 && places.length === 0
  const scan = words.size > 0 || isLost ? await scanProduct(files, product, words, LAST_RESORT) : null
  const near = isLost ? (scan?.smallest ?? []) : pointed
  const wanted = [...paths(places), ...ran, ...near, ...(scan?.defining ?? []), ...earlier]
  const parsed = await parse(
    syntax,
    files,
    wanted.filter((path) => !isTest(path)),
  )
  const outcomes = withOutcomes(
    traces.flatMap((trace) => trace.spectra),
    new Set(paths(tests)),
  )
  const spectra = tellsOf(outcomes, parsed.functions) ? outcomes : []
  const loaded = new Set(traces.flatMap((trace) => trace.loaded))
  const before = traces.map((trace) => trace.before)
  const { ranked, suspicion } = rankFunctions(parsed.functions, {
    spectra,
    places,
    words,
    topics: wordParts(`${asked}\n${told}`),
    text: (path) => parsed.texts.get(path) ?? '',
    near: new Set(near),
    loaded,
    before,
  })
  return {
    failures: failures.map(fromTheTop),
    output: outputEnds(red.map(({ execution }) => printedText(execution)).join('\n')),
    tests,
    data: [...data.keys()],
    ranked,
    paths: files.paths,
    texts: new Map([...data, ...testTexts, ...parsed.texts]),
    functions: parsed.functions,
    isTest,
    traced: spectra.length > 0,
    ran: suspicion.ran,
  }
}

/** How many files of data are looked at. */
const MOST_DATA = 4

/**
 * What the traced runs opened as data, and its text. Configuration is no data of a case.
 */
async function dataOf(
  session: Pick<Session, 'judgeOf'>,
  traces: readonly Trace[],
  tests: readonly FailingTestLocation[],
  { files, asked }: { readonly files: VisibleFiles; readonly asked: string },
): Promise<ReadonlyMap<string, string>> {
  const reads = traces.flatMap((trace) => trace.reads)
  const found = new Map<string, string>()
  for (const path of dataOfTests(reads, { own: new Set(paths(tests)), source: asked })) {
    if (found.size >= MOST_DATA) break
    const judge = session.judgeOf(path)
    const kind = typeof judge === 'string' || judge === null ? judge : null
    if (found.has(path) || isSourceFile(path) || !files.has(path) || (kind !== null && kind !== 'test')) continue
    const text = await files.text(path)
    if (text !== null) found.set(path, text)
  }
  return found
}

/** A failure that names files as the prompt does: relative to the top. */
function fromTheTop(one: TestCase): TestCase {
  const { id, message, file, ...rest } = one
  return {
    ...rest,
    id: relativeToCheckout(id),
    ...(message === undefined ? {} : { message: relativeToCheckout(message) }),
    ...(file === undefined ? {} : { file: relativeToCheckout(file) }),
  }
}

/** The places that the outputs name, then the place where a run that hung was waiting. */
function placesOf(
  { inspector }: Pick<Session, 'inspector'>,
  red: readonly Measurement[],
  traces: readonly Trace[],
): readonly FailureLocation[] {
  return [
    ...red.flatMap(({ execution, target }) => inspector.places(execution, target.cwd)),
    ...traces.flatMap(({ frames }) =>
      frames.map((frame, at): FailureLocation => ({ ...frame, role: at === 0 ? 'fail' : 'frame' })),
    ),
  ]
}

/** Where these failing tests are, and the texts of their files. */
export async function findTests(
  session: Pick<Session, 'judgeOf' | 'judges' | 'syntax'>,
  named: readonly TestCase[],
  first: readonly string[],
  places: readonly FailureLocation[],
  files: VisibleFiles,
): Promise<{ readonly tests: readonly FailingTestLocation[]; readonly texts: ParsedFiles['texts'] }> {
  const all = files.paths.filter((path) => session.judgeOf(path) === 'test')
  const known = new Set(all)
  const wanted = [...first.filter((path) => known.has(path)), ...filesOfTests(named, all), ...all]
  const parsed = await parse(session.syntax, files, wanted)
  const found = failingTests(named, places, parsed)
  const tests = found.length > 0 ? found : judgesNamed(session, known)
  const missing = tests.map(({ path }) => path).filter((path) => !parsed.texts.has(path))
  const others = await Promise.all(missing.map(async (path) => [path, (await files.text(path)) ?? ''] as const))
  return { tests, texts: new Map([...paths(tests).flatMap((path) => entryOf(parsed.texts, path)), ...others]) }
}

function entryOf<T>(from: ReadonlyMap<string, T>, key: string): (readonly [string, T])[] {
  const value = from.get(key)
  return value === undefined ? [] : [[key, value]]
}

/** Used if no runner says which test failed: the files that are tests because the command names them. */
function judgesNamed({ judges }: Pick<Session, 'judges'>, tests: ReadonlySet<string>): readonly FailingTestLocation[] {
  const named = [...judges.values()].filter(({ path, judge }) => judge === 'test' && tests.has(path))
  return named.map(({ path }) => ({ path, slice: null, line: null }))
}

function paths(places: readonly { readonly path: string }[]): readonly string[] {
  return places.map(({ path }) => path)
}

/**
 * The functions of these files, in this order, until the limit of characters is reached; a file in an unknown language has
 * none.
 */
async function parse(syntax: Syntax, files: VisibleFiles, wanted: readonly string[]): Promise<ParsedFiles> {
  const functions = new Map<string, readonly FunctionSlice[]>()
  const texts = new Map<string, string>()
  let left = PARSED
  for (const path of new Set(wanted)) {
    if (left < LEAST_LEFT) break
    const text = await files.text(path)
    if (text === null || text.length > left) continue
    left -= text.length
    texts.set(path, text)
    functions.set(path, (await syntax.functions(path, text)) ?? [])
  }
  return { texts, functions }
}

function textOf({ path, slice, line }: FailingTestLocation, texts: ParsedFiles['texts']): string {
  const lines = (texts.get(path) ?? '').split('\n')
  if (slice) return lines.slice(slice.start - 1, slice.end).join('\n')
  return line === null ? '' : lines.slice(Math.max(0, line - 6), line + 5).join('\n')
}

/** The product files that the command names, and those that the failing tests and the named places import directly. */
async function nearby(
  red: readonly Measurement[],
  from: readonly string[],
  files: VisibleFiles,
  product: readonly string[],
): Promise<readonly string[]> {
  const commands = red.flatMap(({ target: { command, cwd } }) =>
    paths(filesNamedByCommand(spellCommand(command))).flatMap((path) => {
      const plain = path.replace(/^\.\//, '')
      return cwd === '' ? [plain] : [`${cwd}/${plain}`, plain]
    }),
  )
  const start = [...new Set([...commands.filter(files.has), ...from])]
  const known = new Set(product)
  const near = new Set(start.filter((path) => known.has(path)))
  for (const path of start)
    for (const imported of importedFiles((await files.text(path)) ?? '', path, product)) near.add(imported)
  return [...near]
}
