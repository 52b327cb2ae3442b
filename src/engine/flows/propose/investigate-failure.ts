import { printedText } from '../../core/bytes/index.ts'
import {
  definesName,
  type FailingTestLocation,
  type FailureContext,
  type FailureLocation,
  failingTests,
  identifiers,
  importedFiles,
  rankFunctions,
  withOutcomes,
} from '../../core/context/index.ts'
import { filesNamedByCommand } from '../../core/locations/index.ts'
import { spellCommand } from '../../model/command.ts'
import type { FunctionSlice, Trace } from '../../model/trace.ts'
import type { Syntax } from '../../ports/syntax.ts'
import type { Measurement } from '../measure/index.ts'
import type { Session } from '../session/index.ts'

type FileTexts = ReadonlyMap<string, string>
type FileFunctions = ReadonlyMap<string, readonly FunctionSlice[]>

/** How many characters of the product, and again of the tests, are split into functions; that takes about two seconds. */
const PARSED = 2_000_000
/** How many files of the product are read if nothing points to any of them. */
const LAST_RESORT = 50

/** The parts of a session that finding the place of a failure uses. */
export type Investigating = Pick<Session, 'inspector' | 'judgeOf' | 'judges' | 'syntax'>

/** Collects what is known about a failure: the failing tests, and the functions of the product by suspicion. */
export async function investigateFailure(
  session: Investigating,
  red: readonly Measurement[],
  traces: readonly Trace[],
  texts: FileTexts,
): Promise<FailureContext> {
  const { syntax } = session
  const places = placesOf(session, red, traces)
  const ran = traces.flatMap(({ spectra }) => spectra.flatMap((one) => (one.failed ? [...one.lines.keys()] : [])))
  const earlier = traces.flatMap(({ before }) => [...before.keys()])
  const tests = await findTests(session, red, [...paths(places), ...ran], places, { texts, syntax })
  const isTest = (path: string) => session.judgeOf(path) !== null
  const product = new Map([...texts].filter(([path]) => !isTest(path)))
  const messages = red.flatMap((one) => failures(one).map(({ message }) => message ?? ''))
  const words = identifiers([...tests.map((test) => textOf(test, texts)), ...messages].join('\n'))
  const near = nearby(red, [...paths(tests), ...paths(places)], texts, product)
  const defined = [...product].filter(([, text]) => definesName(text, words)).map(([path]) => path)
  const functions = await functionsOf(syntax, product, [...paths(places), ...ran, ...near, ...defined, ...earlier])
  const spectra = withOutcomes(
    traces.flatMap((trace) => trace.spectra),
    new Set(paths(tests)),
  )
  const loaded = new Set(traces.flatMap((trace) => trace.loaded))
  const before = traces.map((trace) => trace.before)
  const { ranked, suspicion } = rankFunctions(functions, {
    spectra,
    places,
    words,
    near: new Set(near),
    loaded,
    before,
  })
  const output = red.map(({ execution }) => printedText(execution)).join('\n')
  return { output, tests, ranked, texts, functions, isTest, traced: spectra.length > 0, ran: suspicion.ran }
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

function failures({ tests }: Measurement) {
  return (tests?.tests ?? []).filter(({ outcome }) => outcome === 'failed' || outcome === 'error')
}

async function findTests(
  session: Pick<Session, 'judgeOf' | 'judges'>,
  red: readonly Measurement[],
  first: readonly string[],
  places: readonly FailureLocation[],
  { texts, syntax }: { readonly texts: FileTexts; readonly syntax: Syntax },
): Promise<readonly FailingTestLocation[]> {
  const files = new Map([...texts].filter(([path]) => session.judgeOf(path) === 'test'))
  const functions = await functionsOf(syntax, files, [...first, ...files.keys()])
  const found = failingTests(red.flatMap(failures), places, { texts: files, functions })
  return found.length > 0 ? found : judgesNamed(session, files)
}

/** Used if no runner says which test failed: the files that are tests because the command names them. */
function judgesNamed({ judges }: Pick<Session, 'judges'>, files: FileTexts): readonly FailingTestLocation[] {
  const named = [...judges.values()].filter(({ path, judge }) => judge === 'test' && files.has(path))
  return named.map(({ path }) => ({ path, slice: null, line: null }))
}

function paths(places: readonly { readonly path: string }[]): readonly string[] {
  return places.map(({ path }) => path)
}

/**
 * The functions of these files, in this order, until the limit of characters is reached; a file in an unknown language has
 * none.
 */
async function functionsOf(syntax: Syntax, texts: FileTexts, wanted: readonly string[]): Promise<FileFunctions> {
  const functions = new Map<string, readonly FunctionSlice[]>()
  let left = PARSED
  for (const path of new Set(wanted)) {
    const text = texts.get(path)
    if (text === undefined || text.length > left) continue
    left -= text.length
    functions.set(path, (await syntax.functions(path, text)) ?? [])
  }
  return functions
}

function textOf({ path, slice, line }: FailingTestLocation, texts: FileTexts): string {
  const lines = (texts.get(path) ?? '').split('\n')
  if (slice) return lines.slice(slice.start - 1, slice.end).join('\n')
  return line === null ? '' : lines.slice(Math.max(0, line - 6), line + 5).join('\n')
}

/**
 * The product files that the command names, and those that the failing tests and the named places import directly; all files
 * of a small product if nothing points to any.
 */
function nearby(
  red: readonly Measurement[],
  from: readonly string[],
  texts: FileTexts,
  product: FileTexts,
): readonly string[] {
  const all = [...product.keys()]
  const commands = red.flatMap(({ target: { command, cwd } }) =>
    paths(filesNamedByCommand(spellCommand(command))).flatMap((path) => {
      const plain = path.replace(/^\.\//, '')
      return cwd === '' ? [plain] : [`${cwd}/${plain}`, plain]
    }),
  )
  const named = commands.filter((path) => texts.has(path))
  const start = [...new Set([...named, ...from])]
  const imports = start.flatMap((path) => importedFiles(texts.get(path) ?? '', path, all))
  const near = [...new Set([...start.filter((path) => product.has(path)), ...imports])]
  if (near.length > 0 || from.length > 0) return near
  return all.sort((a, b) => (product.get(a)?.length ?? 0) - (product.get(b)?.length ?? 0)).slice(0, LAST_RESORT)
}
