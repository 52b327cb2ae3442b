import type { Command } from '../../model/command.ts'
import type { TestCase } from '../../model/evidence.ts'
import type { Runner } from '../../ports/runner.ts'
import { append } from './lib/append-tests.ts'
import { breakScript } from './lib/break-script.ts'
import {
  anyTitle,
  callOf,
  hasOption,
  programAt,
  type RunnerCall,
  withFiles,
  withoutOptions,
} from './lib/runner-call.ts'
import { failingCall, importOf, isScript, namesRunner, onlyMarkerOf } from './lib/script-tests.ts'
import { startError } from './lib/start-error.ts'
import { isTap, tapCases } from './lib/tap.ts'
import {
  addCounts,
  caseOf,
  countCases,
  insteadOf,
  linesOf,
  noCounts,
  placeOf,
  type ReportCounts,
  reportOf,
} from './lib/test-report.ts'
import { titleTree } from './lib/title-tree.ts'

const TOTAL = /^ {2}(\d+) (passing|failing|pending)(?: \(.*\))?$/
const RESULT = /^((?: {2})+)(?:([✔✓√])|(\d+\))|(-)) (.*?)(?: \(\d+ms\)|: \d+ms)?$/
/** The text before a hook is its suite; in a TAP report, titles are separated by one blank. */
const HOOK = /^(.*?)"(?:before|after) (?:each|all)" hook\b/
const BLOCK = /^ {2}\d+\) (.+)$/

function countsOf(lines: readonly string[]): ReportCounts | null {
  let counts: ReportCounts | null = null
  for (const line of lines) {
    const [, n, word] = TOTAL.exec(line) ?? []
    if (n === undefined) continue
    const of = (one: string) => (word === one ? Number(n) : 0)
    const one = { passed: of('passing'), failed: of('failing'), errors: 0, skipped: of('pending') }
    counts = addCounts(counts ?? noCounts, one)
  }
  return counts
}

/**
 * 'suite > test', read from the tree of the spec reporter above the first totals and from the numbered blocks of failures
 * below them. A tree whose failures are not in the blocks belongs to another reporter, and is left out.
 */
function casesOf(lines: readonly string[]): TestCase[] {
  const totals = lines.findIndex((line) => TOTAL.test(line))
  const blocks = lines.flatMap((line, at) => (at > totals && BLOCK.test(line) ? blockAt(lines, at) : []))
  const told = new Set(blocks.map(({ id }) => id))
  const above = treeOf(lines.slice(0, totals))
  return above.every(({ id, outcome }) => outcome !== 'failed' || told.has(id)) ? [...above, ...blocks] : blocks
}

function treeOf(lines: readonly string[]): TestCase[] {
  const cases: TestCase[] = []
  const suites = titleTree()
  for (const line of lines) {
    const [, indent, passed, failed, , title] = RESULT.exec(line) ?? []
    const suite = /^((?: {2})+)(\S.*)$/.exec(line)
    if (indent !== undefined && title !== undefined)
      cases.push(caseOf(suites.path(indent.length / 2 - 1, title), passed ? 'passed' : failed ? 'failed' : 'skipped'))
    else if (suite?.[2] !== undefined) suites.open((suite[1] ?? '').length / 2 - 1, suite[2])
  }
  return cases
}

/** '  1) suite', deeper titles below it, the last title with a ':', then the reason. */
function blockAt(lines: readonly string[], at: number): TestCase[] {
  const titles = [BLOCK.exec(lines[at] ?? '')?.[1] ?? '']
  let next = at + 1
  while (!titles.at(-1)?.endsWith(':') && /^ {7,}\S/.test(lines[next] ?? '')) titles.push((lines[next++] ?? '').trim())
  if (!titles.at(-1)?.endsWith(':')) return []
  let end = next
  while (end < lines.length && !BLOCK.test(lines[end] ?? '')) end += 1
  const body = lines.slice(next, end === lines.length ? next + 200 : end)
  const place = body
    .filter((line) => /^\s+at /.test(line))
    .map(placeOf)
    .find((found) => found !== undefined)
  const message = body
    .find((line) => line.trim() !== '')
    ?.trim()
    .replace(/^(\w+) \[\w+\]:/, '$1:')
  return [caseOf(titles.join(' > ').slice(0, -1), 'failed', { message, body, at: place })]
}

/** https://mochajs.org */
export default {
  kind: 'mocha',

  recognises: (command, output) => /\b_?mocha\b/.test(command) || /^ {2}\d+ passing \(.*\)$/m.test(output),

  read(output) {
    const lines = linesOf(output)
    if (isTap(output)) return reportOf('mocha', countCases(tapCases(output)), tapCases(output), true)
    const counts = countsOf(lines)
    return counts && reportOf('mocha', counts, casesOf(lines))
  },

  /** Only the machine-readable reporters show this. */
  reruns(output) {
    const told = /"fullTitle": ?("(?:[^"\\]|\\.)*")[^{}]*?"currentRetry": ?([1-9]\d*)/g
    const times = [...output.matchAll(told)].map(
      ([, title = '""', n]) => [String(JSON.parse(title)), Number(n)] as const,
    )
    return [...new Map(times)].map(([id, n]) => ({ id, times: n }))
  },

  insteadOf: (cases) => insteadOf(cases, (id) => HOOK.exec(id)?.[1] ?? null),

  invalid(output, { ended }) {
    if (ended.how !== 'exited') return null
    const missing = /^Error: (No test files found.*)$/m.exec(output)?.[1]
    if (missing !== undefined) return { reason: `mocha: ${missing}`, mend: 'name a file that holds tests' }
    const counts = countsOf(linesOf(output))
    const broke = counts || ended.code === 0 ? null : startError(output, /node_modules\/mocha\//)
    if (broke !== null)
      return { reason: `mocha could not start: ${broke}`, mend: 'correct the option or the configuration' }
    return counts && counts.passed + counts.failed + counts.skipped === 0
      ? { reason: 'mocha found no tests', mend: 'name a file that holds tests' }
      : null
  },

  testListing: () => null,

  addFailingTest(path, text, name) {
    if (!isScript(path)) return null
    const own = importOf(text, 'mocha') !== null
    const [, fn] = /\b(it|test)\b[\w.]*\s*\(/.exec(text) ?? []
    return fn === undefined || (!own && namesRunner(text))
      ? null
      : append(text, failingCall(fn + onlyMarkerOf(text), name))
  },

  breakMore(text, name) {
    const head = /\b(it|test)\b[\w.]*\s*\(/.exec(text)?.[1] ?? 'it'
    return breakScript(text, name, head + onlyMarkerOf(text))
  },

  leaveOut(command, tests) {
    const call = unfilteredCall(command)
    return call?.add(['--grep', `^${anyTitle(tests.map(({ id }) => id))}`, '--invert']) ?? null
  },

  select(command, tests) {
    const call = unfilteredCall(command)
    return call?.add(['--grep', `^${anyTitle(tests.map(({ id }) => id))}`]) ?? null
  },

  /** Files of a configuration are run as well. */
  selectFiles(command, files) {
    const call = callOf(command)
    return call && withFiles(call, PROGRAM, files)
  },

  widen(command) {
    const call = callOf(command)
    if (!call || programAt(call, PROGRAM) === -1 || hasOption(call, '-i', '--invert')) return null
    return withoutOptions(call, '-g', '--grep', '-f', '--fgrep')
  },
} satisfies Runner

const PROGRAM = /^_?mocha(?:\.js)?$/

/** A call of mocha that has no option for choosing tests. */
function unfilteredCall(command: Command): RunnerCall | null {
  const call = callOf(command)
  if (!call || programAt(call, PROGRAM) === -1) return null
  return hasOption(call, '-g', '--grep', '-f', '--fgrep', '-i', '--invert') ? null : call
}
