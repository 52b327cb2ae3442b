import type { TestCase, TestOutcome } from '../../../model/evidence.ts'
import { caseOf, linesOf, placeOf } from './test-report.ts'

const POINT = /^((?: {4})*)(ok|not ok)\b(?: (\d+))?(?: -)? ?(.*)$/

/** True for the Test Anything Protocol (https://testanything.org): a plan, or a version line, and a test point. */
export function isTap(output: string): boolean {
  return /^(?:TAP version 1[34]|1\.\.\d+)\b/m.test(output) && /^\s*(?:not )?ok \d+/m.test(output)
}

/** TAP of tape: a title as a comment, then assertions without a dash before their text. Node prints comments and dashes. */
export function isTape(output: string): boolean {
  return /^TAP version 13\n(?!1\.\.)/m.test(output) && !/^\s*# Subtest: |^ℹ tests /m.test(output) && TITLED.test(output)
}

/** TAP of bats, as far as a failure shows it: its place follows as a comment. */
export function isBats(output: string): boolean {
  return /^1\.\.\d+$/m.test(output) && /^# \((?:from function `.*|in test file \S+, line \d+\))/m.test(output)
}

const TITLED = /^# .+\n(?:not )?ok \d+ (?!- )/m

interface OpenTestPoint {
  readonly at: number
  readonly id: string
  readonly outcome: TestOutcome
}

/**
 * The test points of a TAP output; nested ones get the names of their parents ('suite > test'). A parent that only sums up
 * its children is left out: `type: 'suite'` of node:test, and the braces of vitest. A point that node-tap made from an
 * exception has the message as its name; it becomes the message of the test that threw it.
 */
export function tapCases(output: string): TestCase[] {
  const cases: TestCase[] = []
  const names: string[] = []
  const thrown = new Map<string, TestCase>()
  const lines = linesOf(output)
  for (const [at, line] of lines.entries()) {
    const subtest = /^((?: {4})*)# Subtest: (.*)$/.exec(line)
    if (subtest?.[2] !== undefined) names.splice((subtest[1] ?? '').length / 4, names.length, subtest[2])
    const point = POINT.exec(line)
    if (!point || point[3] === undefined) continue
    const depth = (point[1] ?? '').length / 4
    const opens = / \{$/.test(line)
    const title = titleOf(point[4] ?? '')
    names.splice(depth, names.length, title)
    if (opens) continue
    const parent = names.slice(0, depth).join(' > ')
    const id = names.join(' > ')
    for (const one of caseAt(lines, { at, id, outcome: outcomeOf(point[2] === 'ok', line) })) {
      if (depth > 0 && isThrown(lines, at)) thrown.set(parent, thrown.get(parent) ?? { ...one, message: title })
      else cases.push(one.outcome === 'failed' ? { ...one, ...thrown.get(id), id } : one)
    }
  }
  return cases
}

function titleOf(rest: string): string {
  return rest
    .replace(/ \{$/, '')
    .replace(/ # (?:time=|SKIP|TODO).*$/i, '')
    .replace(/\\([#\\])/g, '$1')
    .trim()
}

function outcomeOf(ok: boolean, line: string): TestOutcome {
  if (/ # SKIP\b/i.test(line)) return 'skipped'
  if (/ # TODO\b/i.test(line)) return ok ? 'skipped' : 'xfailed'
  return ok ? 'passed' : 'failed'
}

/** The case with the content of its YAML block, or of the indented text below it. */
function caseAt(lines: readonly string[], { at, id, outcome }: OpenTestPoint): TestCase[] {
  const body = bodyOf(lines, at)
  if (body.some((line) => /^\s+type: 'suite'$/.test(line))) return []
  if (outcome !== 'failed') return [caseOf(id, outcome)]
  const places = body.map((line) => placeOf(line.replace(/['"]$/, ''))).filter((place) => place !== undefined)
  const frame = body.some((line) => /^\s+stack:/.test(line)) ? places.find((_, index) => index > 0) : places[0]
  const message = messageOf(body)
  const words = message === 'test failed' ? saidOutside(lines.slice(0, at)) : withoutStack(body)
  return [caseOf(id, outcome, { message, body: words, at: frame ?? places[0] })]
}

/** The names of points outside of all tests that node-tap made from exceptions. */
export function topLevelExceptions(output: string): ReadonlySet<string> {
  const lines = linesOf(output)
  return new Set(
    lines.flatMap((line, at) => {
      const point = /^not ok/.test(line) ? POINT.exec(line) : null
      return point && isThrown(lines, at) ? titleOf(point[4] ?? '') : []
    }),
  )
}

function isThrown(lines: readonly string[], at: number): boolean {
  return bodyOf(lines, at).some((line) => /^\s+tapCaught: /.test(line))
}

/** The lines below a test point that are indented deeper; if a YAML block begins there, the lines up to its end. */
export function bodyOf(lines: readonly string[], at: number): string[] {
  const indent = /^ */.exec(lines[at] ?? '')?.[0].length ?? 0
  const body: string[] = []
  const yaml = lines[at + 1]?.trim() === '---'
  for (const line of lines.slice(at + 1, at + 200)) {
    if (yaml ? line.trim() === '...' : line !== '' && !line.startsWith(`${' '.repeat(indent)}  `)) break
    body.push(line)
  }
  return body
}

/** What node:test says of a file that failed outside of its tests: comments before the result of the file. */
export function saidOutside(lines: readonly string[]): string[] {
  const said = lines.flatMap(
    (line) => /^(?:#|ℹ) (?!Subtest: )(.*(?:[Ee]rror|[Ee]xception|[Rr]ejection).*)$/.exec(line)?.[1] ?? [],
  )
  return said.slice(-5)
}

/** The lines of a YAML block without the values of these keys: the frames, and node-tap's lines of source. */
function withoutStack(body: readonly string[]): string[] {
  let skipped = -1
  return body.filter((line) => {
    const indent = line.search(/\S/)
    if (skipped !== -1 && (indent > skipped || indent === -1)) return false
    skipped = /^\s*(?:stack|source|at|location|diff_source): ?/.test(line) ? indent : -1
    return skipped === -1
  })
}

/** 'TypeError: text' from the keys `error`/`message` and `name`; without YAML the first line. */
function messageOf(body: readonly string[]): string | undefined {
  const at = body.findIndex((line) => /^\s+(?:error|message): ./.test(line))
  if (body[0]?.trim() !== '---') return body.find((line) => line.trim() !== '')
  const value = (body[at] ?? '').replace(/^\s+\w+: /, '')
  const said = /^[|>][-+\d]*$/.test(value) ? body.slice(at + 1).find((line) => line.trim() !== '') : unquote(value)
  const thrown = body.map((line) => /^\s+([A-Z]\w*(?:Error|Exception)): (.*)$/.exec(line)?.[0]).find(Boolean)
  const name = body.map((line) => /^\s+name: ['"]?(\w+)['"]?$/.exec(line)?.[1]).find(Boolean)
  const text = said?.trim() || thrown?.trim()
  if (name === undefined || text === undefined) return text ?? name
  return text.startsWith(name) ? text : `${name}: ${text}`
}

function unquote(value: string): string {
  return /^'.*'$/.test(value) ? value.slice(1, -1).replaceAll("''", "'") : value.replace(/^"(.*)"$/, '$1')
}

/** '# pass 3' lines by word, added up over several runs; null where there are none. */
export function tapTotals(output: string, mark = '#'): ReadonlyMap<string, number> | null {
  const totals = new Map<string, number>()
  for (const [, word, n] of output.matchAll(
    new RegExp(`^${mark} (tests|suites|pass|fail|cancelled|skip(?:ped)?|todo) +(\\d+)$`, 'gm'),
  ))
    if (word !== undefined) totals.set(word, (totals.get(word) ?? 0) + Number(n))
  return totals.size === 0 ? null : totals
}
