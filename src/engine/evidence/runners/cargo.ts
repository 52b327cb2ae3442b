import type { Command } from '../../model/command.ts'
import type { TestCase, TestOutcome } from '../../model/evidence.ts'
import type { Runner } from '../../ports/runner.ts'
import { append } from './lib/append-tests.ts'
import { callOf, programAt } from './lib/runner-call.ts'
import {
  addCounts,
  caseOf,
  countCases,
  insteadOf,
  linesOf,
  noCounts,
  type ReportCounts,
  reportOf,
} from './lib/test-report.ts'

const BINARY = /^ +(?:Running (?:unittests )?(?:(\S+\.rs) )?\(?\S*?([^/\s]+)-[0-9a-f]{16}\)?|Doc-tests (\S+))$/
const STARTS = /^running \d+ tests?$/
const RESULT =
  /^test (.+?)(?: - (?:should panic|compile fail|compile))? \.\.\. (ok|FAILED|ignored|bench:)(?:,? .*)?$|^(\S.*) --- (FAILED)$/
const TOTAL = /^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored; (\d+) measured;/
const SECTION = /^---- (.+) (?:stdout|stderr) ----$/
const PANIC = /^thread '.*' (?:\(\d+\) )?panicked at (?:'(.*)', )?(\S+?):(\d+):\d+:?$/
const OVERFLOW = /^thread '(.+)' (?:\(\d+\) )?has overflowed its stack$/
/** Newer versions print it below a line `Caused by:`. */
const KILLED = /^\s*(?:Caused by: +)?process didn't exit successfully: `.*` \((.+)\)$/
const UNBUILT = /^error: could not compile `(\S+)`(?: \(([^)]*)\))?/
const OUTCOMES: Readonly<Record<string, TestOutcome>> = { FAILED: 'failed', ignored: 'skipped' }

/** 'crate:file > test': the names of test binaries are printed on another stream than the tests, in the same order. */
function casesOf(lines: readonly string[]): TestCase[] {
  const binaries = lines.flatMap((line) => {
    const [all, file, name, documented] = BINARY.exec(line) ?? []
    if (all === undefined) return []
    return documented ? `${documented}:doc > ` : `${name}${file ? `:${file}` : ''} > `
  })
  const paired = binaries.length === lines.filter((line) => STARTS.test(line)).length
  const binary = (nth: number) => (paired ? (binaries[nth] ?? '') : '')
  const cases: TestCase[] = []
  let nth = -1
  let told = new Map<string, number>()
  for (const [at, line] of lines.entries()) {
    if (STARTS.test(line)) {
      nth++
      told = sections(lines, at)
    }
    const [, test, status, quiet, failed] = RESULT.exec(line) ?? []
    const name = test ?? quiet
    if (name === undefined || nth === -1) continue
    const id = binary(nth) + name
    const outcome = OUTCOMES[status ?? failed ?? ''] ?? 'passed'
    cases.push(outcome === 'failed' ? toldAt(lines, told.get(name) ?? panicOf(lines, name), id) : caseOf(id, outcome))
  }
  return [...cases, ...listedOnly(lines, cases), ...unbuilt(lines), ...endedEarly(lines, binary)]
}

/**
 * A case for each test binary that ended before its summary: the test that overflowed its stack, which the binary names, or an
 * error under the name of the binary.
 */
function endedEarly(lines: readonly string[], binary: (nth: number) => string): TestCase[] {
  const overflows = lines.flatMap((line) => OVERFLOW.exec(line)?.[1] ?? [])
  const ends = lines.flatMap((line) => KILLED.exec(line)?.[1] ?? [])
  return unfinished(lines).map((nth, at) => {
    const test = overflows[at]
    if (test !== undefined) return caseOf(binary(nth) + test, 'failed', { message: 'has overflowed its stack' })
    const name = binary(nth).replace(/ > $/, '')
    return caseOf(name === '' ? 'test binary' : name, 'error', { message: ends[at] ?? 'ended without a summary' })
  })
}

/** Which of the test binaries that began to run tests printed no summary. */
function unfinished(lines: readonly string[]): number[] {
  const found: number[] = []
  let nth = -1
  let open = false
  for (const line of lines) {
    if (STARTS.test(line)) {
      if (open) found.push(nth)
      nth++
      open = true
    } else if (TOTAL.test(line)) open = false
  }
  return open ? [...found, nth] : found
}

/** The line before the panic of a test: with --nocapture, it is not repeated below the name of the test. */
function panicOf(lines: readonly string[], test: string): number | undefined {
  const at = lines.findIndex((line) => PANIC.test(line) && line.startsWith(`thread '${test}'`))
  return at === -1 ? undefined : at - 1
}

/** With --nocapture, what a test prints stands between its name and its result; the list at the end names the failed ones. */
function listedOnly(lines: readonly string[], cases: readonly TestCase[]): TestCase[] {
  const names: string[] = []
  for (const [at, line] of lines.entries())
    for (let next = at + 1; line === 'failures:' && /^ {4}\S/.test(lines[next] ?? ''); next++)
      names.push((lines[next] ?? '').trim())
  const known = (name: string) => cases.some(({ id }) => id === name || id.endsWith(` > ${name}`))
  return names.filter((name) => !known(name)).map((name) => toldAt(lines, panicOf(lines, name), name))
}

/** The line at which each failure of one binary is described. */
function sections(lines: readonly string[], from: number): Map<string, number> {
  const found = new Map<string, number>()
  for (let at = from + 1; at < lines.length && !STARTS.test(lines[at] ?? ''); at++) {
    const name = SECTION.exec(lines[at] ?? '')?.[1]
    if (name !== undefined) found.set(name, at)
  }
  return found
}

/** The message of the panic with left and right value, and its place; else the first line that was printed. */
function toldAt(lines: readonly string[], at: number | undefined, id: string): TestCase {
  if (at === undefined) return caseOf(id, 'failed')
  const end = lines.findIndex((line, index) => index > at && (SECTION.test(line) || line === 'failures:'))
  const body = lines.slice(at + 1, end === -1 ? at + 200 : end)
  const panicked = body.findIndex((line) => PANIC.test(line))
  if (panicked === -1) return caseOf(id, 'failed', { message: body.find((line) => line.trim() !== '') })
  const [, inline, file = '', line] = PANIC.exec(body[panicked] ?? '') ?? []
  const sides = body
    .slice(panicked, panicked + 5)
    .flatMap((one) => /^ *(?:left|right): .*$/.exec(one)?.[0].trim().replace(/,$/, '') ?? [])
  const first = inline ?? body[panicked + 1] ?? ''
  const message = sides.length === 2 ? `${first} (${sides.join(', ')})` : first
  return caseOf(id, 'failed', {
    message,
    body: sides.length === 2 ? [] : body.slice(panicked + 1),
    at: { file, line: Number(line) },
  })
}

/** Targets that did not compile, each with its first error. */
function unbuilt(lines: readonly string[]): TestCase[] {
  return lines.flatMap((line) => {
    const [, crate, target] = UNBUILT.exec(line) ?? []
    if (crate === undefined) return []
    const first = lines.findIndex((one) => /^error(?:\[\w+\])?: /.test(one) && !UNBUILT.test(one))
    const [, file, at] = /^ *--> (\S+?):(\d+):\d+$/.exec(lines[first + 1] ?? '') ?? []
    const place = file === undefined ? undefined : { file, line: Number(at) }
    const id = [crate, ...(target?.replaceAll('"', '').split(' ') ?? [])].join('-')
    return [caseOf(id, 'error', { message: lines[first], at: place })]
  })
}

function countsOf(lines: readonly string[], cases: readonly TestCase[]): ReportCounts | null {
  let counts: ReportCounts | null = null
  for (const line of lines) {
    const [all, passed, failed, ignored, measured] = TOTAL.exec(line) ?? []
    if (all === undefined) continue
    const one = {
      passed: Number(passed) + Number(measured),
      failed: Number(failed),
      errors: 0,
      skipped: Number(ignored),
    }
    counts = addCounts(counts ?? noCounts, one)
  }
  const errors = cases.filter(({ outcome }) => outcome === 'error').length
  // A test that aborts its process prevents the summary of that process.
  if (cases.length > 0 && (!counts || unfinished(lines).length > 0)) return countCases(cases)
  return counts && { ...counts, errors }
}

const USAGE =
  /^error: ((?:no \S+ target named|unexpected argument|package ID specification|could not find `Cargo\.toml`|[Uu]nrecognized|invalid value|Option '|Argument to option|the package '.*' does not contain).*)$/m
/** Options of cargo and of a test binary whose value is the next word. */
const VALUED =
  /^(?:-p|--package|--exclude|--test|--bin|--example|--bench|-F|--features|--target|--target-dir|--profile|--manifest-path|-j|--jobs|--color|--message-format|-Z|--config|--test-threads|--skip|--format|--logfile)$/

/** https://doc.rust-lang.org/cargo/commands/cargo-test.html */
export default {
  kind: 'cargo',

  recognises: (command, output) =>
    /\bcargo (?:\+\S+ )?(?:\S+ )*?(?:test|t)(?:\s|$)/.test(command) || linesOf(output).some((line) => TOTAL.test(line)),

  read(output) {
    const lines = linesOf(output)
    const cases = casesOf(lines)
    const counts = countsOf(lines, cases)
    return counts && reportOf('cargo', counts, cases)
  },

  /** Targets that did not compile, and test binaries that ended before their summary. */
  insteadOf: (cases) =>
    insteadOf(cases, (id) => (cases.some((one) => one.id === id && one.outcome === 'error') ? '' : null)),

  invalid(output, { ended }) {
    if (ended.how !== 'exited') return null
    const lines = linesOf(output)
    const counts = countsOf(lines, casesOf(lines))
    if (counts && counts.passed + counts.failed + counts.errors + counts.skipped > 0) return null
    const usage = ended.code === 0 ? undefined : USAGE.exec(output)?.[1]
    if (usage !== undefined)
      return { reason: `cargo test could not start: ${usage}`, mend: 'correct the target or option in the command' }
    return counts || /^ +Executable \S+ /m.test(output)
      ? {
          reason: 'cargo test ran no tests',
          mend: 'name a target or a filter that holds tests, and leave out --no-run',
        }
      : null
  },

  testListing: () => null,

  addFailingTest(path, text, name) {
    if (!path.endsWith('.rs') || !/^\s*#\[test\]/m.test(text)) return null
    return append(text, `#[test]\nfn ${name}() {\n    panic!("${name}")\n}\n`)
  },

  leaveOut: (command, tests) => byExactName(command, tests, (names) => names.flatMap((name) => ['--skip', name])),

  select: (command, tests) => byExactName(command, tests, (names) => names),
} satisfies Runner

/** `--exact` applies to every name in the command, so it is used only if the command has no names of its own. */
function byExactName(
  command: Command,
  tests: readonly TestCase[],
  options: (names: readonly string[]) => readonly string[],
): Command | null {
  const call = callOf(command)
  const at = call?.words.findIndex((word) => word === 'test' || word === 't') ?? -1
  if (!call || at === -1 || programAt(call, /^cargo$/) === -1) return null
  const { words } = call
  const filters = words
    .slice(at + 1)
    .filter((word, index) => !word.startsWith('-') && !VALUED.test(words[at + index] ?? ''))
  const names = tests.map(({ id, outcome }) =>
    outcome === 'error' ? '' : id.slice(id.indexOf(' > ') + 1).replace(/^> /, ''),
  )
  if (filters.length > 0 || names.includes('')) return null
  const dashes = words.includes('--') ? [] : ['--']
  return call.add([...dashes, '--exact', ...options(names)], words.length)
}
