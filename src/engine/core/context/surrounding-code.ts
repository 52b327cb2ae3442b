import type { FunctionSlice } from '../../model/trace.ts'
import type { FailureContext } from './failure-context.ts'
import type { FileExcerpts } from './file-excerpts.ts'
import { lineRange, textLines } from './lines.ts'
import { calledNames } from './relations.ts'
import { quoteUntrusted } from './untrusted.ts'

const LONG_HEAD = 6
const SIGNATURES = 15
/** How many functions are named in a first request that has a trace, and in another one. */
const FEW_NEXT = 12
const NEXT = 24
const LISTED = 60

/**
 * Heads of functions that the shown code calls and that are not shown themselves. If several have the same name, those that
 * ran.
 */
export function calledSignatures(failureContext: FailureContext, shown: FileExcerpts): string {
  const { texts, functions, isTest } = failureContext
  const called = new Set(shown.paths().flatMap((path) => [...calledNames(shownText(failureContext, shown, path))]))
  const product = [...functions].flatMap(([path, slices]) =>
    isTest(path) ? [] : slices.map((slice) => ({ path, slice })),
  )
  const candidates = product.filter(({ slice }) => called.has(lastName(slice)))
  const ran = new Set(candidates.filter((one) => hasRun(failureContext, one)).map(({ slice }) => lastName(slice)))
  const heads = candidates
    .filter((one) => !shown.has(one.path, one.slice.start) && one.slice.headEnd - one.slice.start < LONG_HEAD)
    .filter((one) => !ran.has(lastName(one.slice)) || hasRun(failureContext, one))
    .map(
      ({ path, slice: { start, headEnd } }) =>
        `${path}:${start}: ${linesOf(texts, path, start, headEnd).trim().replace(/\s+/g, ' ')}`,
    )
  if (heads.length === 0) return ''
  return `Called there, and not shown:\n${quoteUntrusted('HEADS', heads.slice(0, SIGNATURES).join('\n'))}`
}

function lastName({ name }: FunctionSlice): string {
  return name.slice(name.lastIndexOf('.') + 1)
}

function hasRun(
  { ran }: FailureContext,
  { path, slice }: { readonly path: string; readonly slice: FunctionSlice },
): boolean {
  return lineRange(slice.start, slice.end).some((line) => ran(path).has(line))
}

/** The shown lines of a file, and the full text of each function whose first line is shown. */
export function shownText({ texts, functions }: FailureContext, shown: FileExcerpts, path: string): string {
  const slices = (functions.get(path) ?? []).filter(({ start }) => shown.has(path, start))
  return [shownLinesText(texts, shown, path), ...slices.map(({ start, end }) => linesOf(texts, path, start, end))].join(
    '\n',
  )
}

/** The shown lines of a file alone. */
export function shownLinesText(texts: ReadonlyMap<string, string>, shown: FileExcerpts, path: string): string {
  return textLines(texts.get(path) ?? '')
    .filter((_, at) => shown.has(path, at + 1))
    .join('\n')
}

export function linesOf(texts: ReadonlyMap<string, string>, path: string, start: number, end: number): string {
  return (texts.get(path) ?? '')
    .split('\n')
    .slice(start - 1, end)
    .join('\n')
}

/** `brief`: fewer of them. */
export function nextFunctionsText(failureContext: FailureContext, shown: FileExcerpts, brief: boolean): string {
  const { ranked, traced } = failureContext
  const next = new Map<string, string[]>()
  const named = ranked.flatMap(({ path, slice }) =>
    slice && slice.name !== '' && !shown.has(path, slice.start) ? { path, slice } : [],
  )
  for (const { path, slice } of named
    .filter((one) => !traced || hasRun(failureContext, one))
    .slice(0, brief ? FEW_NEXT : NEXT))
    next.set(path, [...(next.get(path) ?? []), slice.name])
  if (next.size === 0) return ''
  const rows = [...next].map(([path, names]) => `${path}: ${names.join(', ')}`)
  return `Less suspicious functions, not shown:\n${quoteUntrusted('NAMES', rows.join('\n'))}`
}

/** The names of the files, for the case that nothing points to any code. */
export function fileListing({ paths }: FailureContext, shown: FileExcerpts): string {
  if (shown.paths().length > 0 || paths.length === 0) return ''
  return `Files:\n${quoteUntrusted('FILES', paths.slice(0, LISTED).join('\n'))}`
}
