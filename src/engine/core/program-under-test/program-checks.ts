import type { Execution } from '../../model/evidence.ts'
import { printedText } from '../bytes/index.ts'
import { headline } from '../failure/index.ts'
import { locations, resolveLocations } from '../locations/index.ts'
import { hunksOf } from '../minimise/index.ts'
import { splitLines } from '../patch/index.ts'
import { CHECKOUT } from '../redact/index.ts'

/** Errors that an interpreter raises when code cannot go on. Code can also raise these itself, so the line is checked as well. */
const COMPLAINT =
  /^(?:Uncaught )?(?:(?:Type|Name|UnboundLocal|Attribute|Key|Index|ZeroDivision|Syntax|Indentation|Tab|Recursion|Import|ModuleNotFound|Reference|Range)Error|NoMethodError|NameError)\b/
/** What compilers and linters print next to a place. */
const DIAGNOSTIC = /\berror\b|: [A-Z]{1,4}\d{2,4}\b/
/** A line that checks, refuses or exits: if it fails, the code fails on purpose. */
const CHECKS =
  /\b(?:assert\w*|expect\w*|should\w*|verify\w*|ensure\w*|raise\w*|throws?|die|croak|confess|panic\w*|abort\w*|fail\w*|exit\w*|_exit|quit|unreachable|todo)\b|\bconsole\.assert/i
const COMPARES =
  /[=!]==?|<=|>=|(?<![-=<>])[<>](?![<>=])|\s-(?:eq|ne|lt|le|gt|ge|[nz])\s|\b(?:is|in|not|equals?|eq|compare\w*|cmp|match\w*|unless)\b/i
/** A loop: `in` and `of` in it compare nothing. */
const LOOP = /\bfor\b.*?\b(?:in|of)\b/
const ENDS = /\b(?:exit\w*|_exit|quit|SystemExit|abort|die|kill)\b/i

/** A place that a tool, and not the code itself, reports as wrong. Lines count from 1. */
export interface DiagnosticLocation {
  readonly path: string
  readonly line: number
}

/**
 * The only file that an execution complains about. Null if there are several, or if the complaint is not from an interpreter,
 * a compiler or a linter. `runs`: whether the command runs the file; then the output may be the file's own.
 */
export function onlyDiagnosticOf(
  execution: Execution,
  cwd: string,
  tracked: readonly string[],
  runs: (path: string) => boolean,
): DiagnosticLocation | null {
  const output = printedText(execution)
  const places = resolveLocations(locations(output), tracked, { root: CHECKOUT, cwd }).filter(
    ({ role }) => role === 'fail',
  )
  const [first] = places
  if (!first || first.line === null || places.some(({ path }) => path !== first.path)) return null
  const complains = COMPLAINT.test(headline(output)) || (!runs(first.path) && DIAGNOSTIC.test(first.text))
  return complains ? { path: first.path, line: first.line } : null
}

/** True for a line of code that fails on purpose. */
export function assertsAt(text: string, line: number): boolean {
  return CHECKS.test(text.split('\n')[line - 1] ?? 'fail')
}

/** True for code that could fail on purpose at some line. */
export function hasAssertion(text: string): boolean {
  return text.split('\n').some((line) => CHECKS.test(line))
}

/**
 * True for a change of a program that keeps all its checks: it removes no line that checks, compares or exits, adds no line
 * that exits, and no group of its lines only removes code.
 */
export function keepsAssertions(before: Uint8Array | null, after: Uint8Array | null): boolean {
  if (before === null || after === null) return false
  const lines = splitLines(new TextDecoder().decode(before))
  return hunksOf(before, after)
    .flatMap(({ groups }) => groups)
    .every(({ at, removed, added }) => {
      const gone = lines.slice(at, at + removed)
      const said = (line: string) => line.trim() !== ''
      if (gone.some((line) => CHECKS.test(line) || COMPARES.test(line.replace(LOOP, '')))) return false
      return !added.some((line) => ENDS.test(line)) && (!gone.some(said) || added.some(said))
    })
}
