import { type AskedCode, askedPart } from './asked-code.ts'
import { addTestData } from './case-data.ts'
import type { FailureContext } from './failure-context.ts'
import { type FileExcerpts, fileExcerpts } from './file-excerpts.ts'
import { AROUND, CLOSER, functionExcerpts, LONG_FUNCTION, mostSuspiciousLines } from './function-excerpts.ts'
import { lineRange, linesAround, shortenedFunction, textLines } from './lines.ts'
import { mostLikelyFunctions } from './most-likely-functions.ts'
import { outputExcerpt } from './output-excerpt.ts'
import { classLines, constantLines, identifiers, importLines } from './relations.ts'
import {
  calledSignatures,
  fileListing,
  linesOf,
  nextFunctionsText,
  shownLinesText,
  shownText,
} from './surrounding-code.ts'
import { quoteUntrusted } from './untrusted.ts'

const CHARACTERS_PER_TOKEN = 3.6
/**
 * `SMALL_FILE` and `IMPORTS` are in lines, `FIRST` is the budget of a first request in tokens, `WHOLE_FILES` is a number of
 * files.
 */
const SMALL_FILE = 40
const IMPORTS = 12
const FIRST = 4000
const WHOLE_FILES = 3
/** The part of a request for what the command printed. */
const OUTPUT_PART = 16
/** How many failing tests a first request shows; the others fail for the same reason as a rule. */
const FIRST_TESTS = 2
/** In lines: of a longer test, a first request shows what is around the failure. */
const LONG_TEST = 40

const MARKS =
  'Suspicious code (numbers and > are not part of the files; > marks what ran when it failed or what the output names):'

/** In tokens: a first request that is smaller has room for less suspicious lines. */
const ROOMY = 1400
/** What scales the accepted probability that the bug is not shown, one after the other while the request is small. */
const SCALES = [0.7, 0.5, 0.35, 0.25, 0.17, 0.12, 0.08, 0.05, 0.03, 0.02, 0.01]

/**
 * The body of the prompt within a budget of tokens. In a first request, less suspicious lines are added as long as it stays small;
 * a later one accepts the less that the bug is missing, the larger it is.
 */
export function packContext(failureContext: FailureContext, tokens: number, asked: readonly AskedCode[] = []): string {
  const pack = (scale: number) => packed(failureContext, { tokens, asked, scale })
  let best = pack(FIRST / tokens)
  if (tokens > FIRST || !failureContext.traced) return best
  for (const scale of SCALES) {
    const more = pack(scale)
    if (more.length > ROOMY * CHARACTERS_PER_TOKEN) break
    best = more
  }
  return best
}

interface Packing {
  readonly tokens: number
  readonly asked: readonly AskedCode[]
  /** Scales the accepted probability that the bug is not shown. */
  readonly scale: number
}

/**
 * The parts of a request, in this order: the output, the failing tests, what earlier answers asked for, the suspicious functions, the heads of the
 * functions that these call, and the names of the next functions.
 */
function packed(failureContext: FailureContext, { tokens, asked, scale }: Packing): string {
  const budget = Math.round(tokens * CHARACTERS_PER_TOKEN)
  const words = outputExcerpt(failureContext.output, Math.round(budget / OUTPUT_PART), failureContext.failures)
  const parts = [words === '' ? 'It printed nothing.' : `What it printed:\n${quoteUntrusted('OUTPUT', words)}`]
  const left = () => budget - parts.reduce((sum, part) => sum + part.length + 2, 0)
  parts.push(...testPages(failureContext, tokens, Math.round(budget / 5)).print())
  const answer = askedPart(asked, Math.round((2 * budget) / 5))
  if (answer !== '') parts.push(answer)
  const shown = productPages(failureContext, { tokens, scale }, left() - MARKS.length - 2)
  if (shown.paths().length > 0) parts.push(MARKS, ...shown.print())
  for (const part of [
    calledSignatures(failureContext, shown),
    nextFunctionsText(failureContext, shown, failureContext.traced && tokens <= FIRST),
    fileListing(failureContext, shown),
  ])
    if (part !== '' && part.length + 2 <= left()) parts.push(part)
  return parts.join('\n\n')
}

/**
 * Failing tests, complete if they fit, with the imports of their files. In a first request, tests after the first one show
 * only the lines around their failure.
 */
function testPages(
  failureContext: Pick<FailureContext, 'data' | 'failures' | 'ran' | 'tests' | 'texts'>,
  tokens: number,
  room: number,
): FileExcerpts {
  const { tests, texts, ran } = failureContext
  const shownFiles = fileExcerpts(texts, 'TEST', room)
  const asked = tokens <= FIRST ? tests.slice(0, FIRST_TESTS) : tests
  for (const [nth, { path, slice, line }] of asked.entries()) {
    const text = texts.get(path) ?? ''
    const near = line === null ? [] : [line]
    const isFirst = tokens <= FIRST && line !== null
    const brief = nth > 0 && isFirst
    const wide = () => {
      if (!slice) return linesAround(text, line ?? 1, (isFirst ? 2 : 3) * AROUND)
      return isFirst
        ? shortenedFunction(text, slice, near, LONG_TEST, 2 * AROUND)
        : shortenedFunction(text, slice, [...near, ...ran(path)], LONG_FUNCTION, AROUND)
    }
    const lines = brief && slice ? shortenedFunction(text, slice, near, 2 * AROUND, CLOSER) : wide()
    const added = shownFiles.add(path, lines, near)
    if (!added && !shownFiles.add(path, linesAround(text, line ?? slice?.start ?? 1, AROUND), near)) continue
    const used = identifiers(slice ? linesOf(texts, path, slice.start, slice.end) : text)
    shownFiles.add(path, importLines(text, used, IMPORTS), [])
  }
  addTestData(shownFiles, failureContext)
  return shownFiles
}

/** Tests with the imports of their files, in at most `room` characters. */
export function testExcerpts(tests: Pick<FailureContext, 'tests' | 'texts'>, room: number): string {
  const none: ReadonlySet<number> = new Set()
  return testPages({ ...tests, ran: () => none }, 2 * FIRST, room)
    .print()
    .join('\n')
}

function productPages(
  failureContext: FailureContext,
  { tokens, scale }: Pick<Packing, 'scale' | 'tokens'>,
  room: number,
): FileExcerpts {
  const { texts, traced } = failureContext
  const shownFiles = fileExcerpts(texts, 'FILE', room)
  const likely = mostLikelyFunctions(failureContext, { missed: scale, least: FIRST / tokens })
  // A trace shows which lines of a function matter; a later request shows more of it.
  const brief = traced && tokens <= FIRST
  for (const [rank, suspect] of likely.entries()) {
    const { one } = suspect
    const text = texts.get(one.path) ?? ''
    const length = textLines(text).length
    const marked = mostSuspiciousLines(one)
    if (length <= SMALL_FILE && shownFiles.add(one.path, lineRange(1, length), marked)) continue
    for (const lines of functionExcerpts(text, suspect, { rank, brief }))
      if (shownFiles.add(one.path, lines, marked)) break
  }
  // A failed attempt may have lacked the code around the functions.
  if (tokens > FIRST)
    for (const path of shownFiles.paths().slice(0, WHOLE_FILES))
      shownFiles.add(path, lineRange(1, textLines(texts.get(path) ?? '').length), [])
  for (const path of shownFiles.paths()) {
    const text = texts.get(path) ?? ''
    const used = identifiers(
      brief ? shownLinesText(texts, shownFiles, path) : shownText(failureContext, shownFiles, path),
    )
    const slices = (failureContext.functions.get(path) ?? []).filter(({ start }) => shownFiles.has(path, start))
    shownFiles.add(path, classLines(text, slices), [])
    shownFiles.add(path, importLines(text, used, IMPORTS), [])
    shownFiles.add(path, constantLines(text, used, IMPORTS), [])
  }
  return shownFiles
}
