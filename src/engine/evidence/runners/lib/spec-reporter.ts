import type { TestCase, TestOutcome } from '../../../model/evidence.ts'
import { saidOutside } from './tap.ts'
import { caseOf, linesOf, placeOf } from './test-report.ts'

const RESULT = /^((?: {2})*)([✔✖﹣⚠▶]) (.*?)(?: \(\d[\d.]*ms\))?( # (?:SKIP|TODO|EXPECTED FAILURE).*)?$/
const FAILING = /^✖ failing tests:$|^Failed tests:$/
const ONLY_PARENT = /^'?\d+ subtests? failed'?$/

/**
 * What the spec and dot reporters of node:test (Node 20 to 24) print: 'suite > test', with the failures from the list at the
 * end.
 */
export function specCases(output: string): TestCase[] {
  const lines = linesOf(output)
  const cases: TestCase[] = []
  const told: SpecFailure[] = []
  const names: string[] = []
  let failing = false
  for (const [at, line] of lines.entries()) {
    if (FAILING.test(line)) failing = true
    else if (/^(?:▶|ℹ tests \d+$)/.test(line)) failing = false
    const [, indent, mark, title] = RESULT.exec(line) ?? []
    if (indent === undefined || title === undefined || FAILING.test(line)) continue
    if (failing) {
      if (mark === '✖') told.push(toldAt(lines, at, title))
      continue
    }
    const depth = indent.length / 2
    const ends = names[depth] === title && names.length > depth
    names.splice(depth, names.length, title)
    if (mark === '▶') continue
    names.length = depth
    if (!ends) cases.push(caseOf([...names, title].join(' > '), outcomeOf(mark ?? '', line)))
  }
  if (cases.length === 0)
    return told.filter(({ parent }) => !parent).map((one) => withTold(caseOf(one.title, 'failed'), one))
  return cases.map((one) => {
    const at =
      one.outcome === 'failed' ? told.findIndex(({ title }) => one.id === title || one.id.endsWith(` > ${title}`)) : -1
    const [found] = at === -1 ? [] : told.splice(at, 1)
    return found ? withTold(one, found) : one
  })
}

function outcomeOf(mark: string, line: string): TestOutcome {
  if (mark === '﹣' || / # SKIP/.test(line)) return 'skipped'
  if (/ # TODO/.test(line)) return mark === '✖' || mark === '⚠' ? 'xfailed' : 'skipped'
  return mark === '✖' ? 'failed' : 'passed'
}

interface SpecFailure {
  readonly title: string
  readonly parent: boolean
  readonly message: string | undefined
  readonly body: readonly string[]
  readonly place: { readonly file: string; readonly line: number } | undefined
}

function toldAt(lines: readonly string[], at: number, title: string): SpecFailure {
  const end = lines.findIndex((line, index) => index > at && /^(?:✖|test at )/.test(line))
  const body = lines.slice(at + 1, end === -1 ? at + 200 : end)
  const place = body.map(placeOf).find((found) => found !== undefined)
  const words = /^'?test failed'?$/.test(body[0]?.trim() ?? '') ? saidOutside(lines.slice(0, at)) : body
  const message = body[0]?.trim().replace(/^(\w+) \[[\w]+\]:/, '$1:')
  return { title, parent: ONLY_PARENT.test(message ?? ''), message, body: words, place }
}

function withTold(one: TestCase, { message, body, place }: SpecFailure): TestCase {
  return caseOf(one.id, one.outcome, { message, body, at: place })
}
