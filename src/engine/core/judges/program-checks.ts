import type { Execution } from '../../model/evidence.ts'
import { printedText } from '../bytes/index.ts'
import { headline } from '../failure/index.ts'
import { locations, resolveLocations } from '../locations/index.ts'
import { hunksOf } from '../minimise/index.ts'
import { splitLines } from '../patch/index.ts'
import { CHECKOUT } from '../redact/index.ts'

/** What an interpreter says of code that it cannot go on with; code of its own can raise these, too, so the line is looked at. */
const COMPLAINT =
  /^(?:Uncaught )?(?:(?:Type|Name|UnboundLocal|Attribute|Key|Index|ZeroDivision|Syntax|Indentation|Tab|Recursion|Import|ModuleNotFound|Reference|Range)Error|NoMethodError|NameError)\b/
/** What compilers and linters print beside a place. */
const DIAGNOSTIC = /\berror\b|: [A-Z]{1,4}\d{2,4}\b/
/** A line that checks, refuses or ends: what fails there fails because the code says so. */
const CHECKS =
  /\b(?:assert\w*|expect\w*|should\w*|verify\w*|ensure\w*|raise\w*|throws?|die|croak|confess|panic\w*|abort\w*|fail\w*|exit\w*|_exit|quit|unreachable|todo)\b|\bconsole\.assert/i
const COMPARES =
  /[=!]==?|<=|>=|(?<![-=<>])[<>](?![<>=])|\s-(?:eq|ne|lt|le|gt|ge|[nz])\s|\b(?:is|in|not|equals?|eq|compare\w*|cmp|match\w*|unless)\b/i
/** Goes through things, and compares nothing. */
const LOOP = /\bfor\b.*?\b(?:in|of)\b/
const ENDS = /\b(?:exit\w*|_exit|quit|SystemExit|abort|die|kill)\b/i

/** Where a tool, and not the code itself, said that a file is wrong. Lines count from 1. */
export interface DiagnosticLocation {
  readonly path: string
  readonly line: number
}

/**
 * The one place that an execution complains of, or null where there are several, or where it is no complaint of an interpreter,
 * a compiler or a linter. `runs`: the command runs the file, so that what it prints may be its own.
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

/** True for a line of code that fails because it was written to. */
export function isAssertion(text: string, line: number): boolean {
  return CHECKS.test(text.split('\n')[line - 1] ?? 'fail')
}

/** True for code that could fail by its own word anywhere. */
export function hasAssertion(text: string): boolean {
  return text.split('\n').some((line) => CHECKS.test(line))
}

/**
 * True for a change of a program after which it still asks all that it asked: no line that checks, compares or ends goes, none
 * that ends it comes, and nothing is only taken out.
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
