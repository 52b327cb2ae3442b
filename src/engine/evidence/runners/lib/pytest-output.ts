import type { Rerun, TestCase, TestOutcome } from '../../../model/evidence.ts'
import { addCounts, caseOf, linesOf, noCounts, placeOf, type ReportCounts } from './test-report.ts'

const OUTCOMES: Readonly<Record<string, TestOutcome>> = {
  PASSED: 'passed',
  FAILED: 'failed',
  SUBFAILED: 'failed',
  SUBFAIL: 'failed',
  ERROR: 'error',
  SKIPPED: 'skipped',
  XFAIL: 'xfailed',
  XPASS: 'xpassed',
}

const TALLY =
  /^=*\s*((?:\d+ [a-z]+(?: (?:passed|failed|skipped))?, )*\d+ [a-z]+(?: (?:passed|failed|skipped))?|no tests ran) in \d+(?:\.\d+)? ?s(?:econds)?(?: \([^)]*\))?\s*=*$/

/**
 * The sums of all closing lines ('1 failed, 2 passed in 0.12s'), or of the progress letters if there is no closing line.
 * pytest counts a failed subtest in addition to its test; here it is not counted, so that a red suite has as many tests as a
 * green one.
 */
export function pytestCounts(output: string): ReportCounts | null {
  let counts: ReportCounts | null = null
  let subtests = 0
  let workers = 0
  for (const line of linesOf(output)) {
    const tally = TALLY.exec(line)?.[1]
    if (tally !== undefined) counts = addCounts(counts ?? noCounts, parseTally(tally))
    else if (/^SUBFAIL(?:ED)?\b.* \S+::/.test(line)) subtests++
    // pytest counts a worker of pytest-xdist that found other tests than the first worker as an error.
    else if (/^ERROR gw\d+$/.test(line)) workers++
  }
  if (!counts) return letterCounts(output)
  const { failed, errors } = counts
  return { ...counts, failed: Math.max(0, failed - subtests), errors: Math.max(0, errors - workers) }
}

function parseTally(tally: string): ReportCounts {
  const of = (word: string) => Number(new RegExp(`(?:^|, )(\\d+) ${word}(?:,|$)`).exec(tally)?.[1] ?? 0)
  return {
    passed: of('passed') + of('xpassed'),
    failed: of('failed'),
    errors: of('errors?'),
    skipped: of('skipped') + of('xfailed'),
  }
}

/** With `-qq` there is nothing but letters. */
function letterCounts(output: string): ReportCounts | null {
  const letters = linesOf(output)
    .map((line) => /^([.FEsxXuR]+)(?:\s+\[ *\d+%\])?$/.exec(line)?.[1])
    .filter((run) => run !== undefined)
    .join('')
  if (letters === '') return null
  const of = (letter: string) => letters.split(letter).length - 1
  return { passed: of('.') + of('X'), failed: of('F'), errors: of('E'), skipped: of('s') + of('x') }
}

/** Tests that are named: by -v, by xdist -v, in the short summary, else by the headings of the failure sections. */
export function pytestCases(output: string): TestCase[] {
  const lines = linesOf(output)
  const sections = sectionsOf(lines)
  const named = [...verboseCases(lines), ...summaryCases(lines)]
  const summed = named.some(({ outcome }) => outcome === 'failed' || outcome === 'error')
  if (!summed) return [...named, ...sections.flatMap(caseOfSection)]
  const waiting = new Map<string, PytestSection[]>()
  for (const one of sections) waiting.set(one.title, [...(waiting.get(one.title) ?? []), one])
  const told = new Map<string, PytestSection | undefined>()
  const short = sections.length === 0 ? oneLineFailures(lines) : []
  const failed = [...new Set(named.flatMap(({ id, outcome }) => (outcome === 'failed' ? [id] : [])))]
  return named.map((one) => {
    if (one.outcome !== 'failed' && one.outcome !== 'error') return one
    if (!told.has(one.id)) told.set(one.id, waiting.get(titleOf(one.id))?.shift())
    const section = told.get(one.id)
    const line = short.length === failed.length ? short[failed.indexOf(one.id)] : undefined
    if (line !== undefined) return caseOf(one.id, one.outcome, { message: one.message, body: [line.text], at: line.at })
    return caseOf(one.id, one.outcome, {
      message: section?.message ?? one.message,
      body: section?.body,
      at: section?.at,
    })
  })
}

/** With --tb=line, 'path:line: message' for each failure, in the order of the summary. */
function oneLineFailures(lines: readonly string[]) {
  const from = lines.findIndex((line) => /^=+ FAILURES =+$/.test(line))
  const below = from === -1 ? [] : lines.slice(from + 1)
  const end = below.findIndex((line) => /^=+ .* =+$/.test(line))
  return below.slice(0, end === -1 ? below.length : end).flatMap((line) => {
    const [, file, at, text] = /^(\S+\.\w+):(\d+): (.+)$/.exec(line) ?? []
    return file === undefined || text === undefined ? [] : [{ text, at: { file, line: Number(at) } }]
  })
}

const STATUS = 'PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS'
const VERBOSE = new RegExp(`^(\\S+?\\.\\w+::.+?) (${STATUS})(?: \\(.*)?(?:\\s+\\[ *\\d+%\\])?\\s*$`)
const STARTED = /^(\S+?\.\w+::\S+) /
const ENDED = new RegExp(`(${STATUS})(?: \\(.*\\))?(?:\\s+\\[ *\\d+%\\])?\\s*$`)
const XDIST = new RegExp(`^\\[gw\\d+\\](?: \\[ *\\d+%\\])? (${STATUS}) (\\S+?\\.\\w+::.+?)\\s*$`)

function verboseCases(lines: readonly string[]): TestCase[] {
  const cases: TestCase[] = []
  const add = (id: string, status: string) => cases.push(caseOf(id, OUTCOMES[status] ?? 'failed'))
  let started: string | null = null
  for (const line of lines) {
    if (/^=+ /.test(line)) started = null
    const verbose = VERBOSE.exec(line)
    const xdist = XDIST.exec(line)
    // With -s, the output of a test is between its name and its outcome.
    const ended: RegExpExecArray | null = started === null ? null : ENDED.exec(line)
    if (verbose?.[1] && verbose[2]) add(verbose[1], verbose[2])
    else if (xdist?.[1] && xdist[2]) add(xdist[2], xdist[1])
    else if (started !== null && ended?.[1]) add(started, ended[1])
    started = verbose || xdist || ended ? null : (STARTED.exec(line)?.[1] ?? started)
  }
  return cases
}

const SUMMARY = /^(PASSED|FAILED|ERROR|XFAIL|XPASS|SUBFAIL(?:ED)?)((?:\[.*?\])?(?: ?\(.*?\))?) (\S.*)$/

function summaryCases(lines: readonly string[]): TestCase[] {
  const cases: TestCase[] = []
  let inside = false
  for (const line of lines) {
    if (/^=+ short test summary info =+$/.test(line)) inside = true
    else if (/^=+ .* =+$/.test(line) || TALLY.test(line)) inside = false
    const [, status, , rest] = (inside && SUMMARY.exec(line)) || []
    if (status === undefined || rest === undefined) continue
    const [id, message] = splitSummary(rest)
    if (/\.\w+(?:::|$)/.test(id)) cases.push(caseOf(id, OUTCOMES[status] ?? 'failed', { message }))
  }
  return cases
}

/** 'id - message'; parameters in an id may contain ' - ' themselves. */
function splitSummary(rest: string): [string, string | undefined] {
  const bracket = rest.indexOf('[')
  const first = rest.indexOf(' - ')
  const closing = bracket === -1 || (first !== -1 && first < bracket) ? -1 : rest.indexOf('] - ', bracket)
  if (bracket !== -1 && closing === -1 && rest.endsWith(']') && bracket < first) return [rest, undefined]
  const at = closing === -1 ? first : closing + 1
  return at === -1 ? [rest, undefined] : [rest.slice(0, at), rest.slice(at + 3)]
}

interface PytestSection {
  readonly title: string
  readonly error: boolean
  readonly message: string | undefined
  /** The lines that pytest marks as the message, or those of the exception's text. */
  readonly body: readonly string[]
  readonly at: { readonly file: string; readonly line: number } | undefined
  readonly first: string | undefined
}

/** The failure sections: '____ Class.test_name ____' and the text below it, up to the next section. */
function sectionsOf(lines: readonly string[]): PytestSection[] {
  const sections: PytestSection[] = []
  let body: string[] | null = null
  let heading = ''
  const close = () => {
    if (body) sections.push(sectionOf(heading, body))
    body = null
  }
  for (const line of lines) {
    const title = /^_{3,} (.+?) _{3,}$/.exec(line)?.[1]
    if (title === undefined && !/^=+ .* =+$|^!+ .* !+$/.test(line)) {
      body?.push(line)
      continue
    }
    close()
    if (title !== undefined) [heading, body] = [title, []]
  }
  close()
  return sections
}

const CHAINED =
  /^(?:During handling of the above exception, another|The above exception was the direct cause of the following) exception/
const NATIVE = /^[\w.]+(?:Error|Exception|Exit|Interrupt|Warning)\b/

function sectionOf(heading: string, body: readonly string[]): PytestSection {
  const title = heading
    .replace(/^(?:ERROR (?:at (?:setup|teardown) of|collecting)|\[doctest\]) /, '')
    .replace(/ (?:\[.*\] )?\(.*\)$/, '')
  const places = body.flatMap((line) => {
    const [, path, at] =
      /^(?: {2}File ")?([^\s":][^":]*?\.\w+)(?:", line |:)(\d+)(?:, in .*|: .*|: ?)?$/.exec(line) ?? []
    return path && at ? [placeOf(`${path}:${at}`)].filter((place) => place !== undefined) : []
  })
  const raised = body.slice(body.findLastIndex((line) => CHAINED.test(line)) + 1)
  const told = raised.filter((line) => /^E +\S/.test(line)).map((line) => line.slice(1))
  // The message of a syntax error comes last, below its file and line.
  const message = told[0]?.trim().startsWith('File "') ? told.at(-1) : told[0]
  const at = body.findLastIndex((line) => NATIVE.test(line))
  const example = body.findIndex((line) => /^(?:Expected(?: nothing)?:?|UNEXPECTED EXCEPTION: .*)$/.test(line))
  const source = raised.find((line) => /^> +\S/.test(line))
  const native = [...(at === -1 ? [] : body.slice(at, at + 20)), ...(example === -1 ? [] : body.slice(example))]
  return {
    title,
    error: heading.startsWith('ERROR '),
    message: message ?? body[at] ?? native[0],
    body: message === undefined ? native : [...told, ...(source === undefined ? [] : [source])],
    at: places.at(-1),
    first: places[0]?.file,
  }
}

function titleOf(id: string): string {
  const name = id.indexOf('::')
  if (name === -1) return id
  const bracket = id.indexOf('[', name)
  const plain = bracket === -1 ? id.slice(name + 2) : id.slice(name + 2, bracket)
  return plain.replaceAll('::', '.') + (bracket === -1 ? '' : id.slice(bracket))
}

/** Without a short summary, the id is built from the first file of the section, which is that of the test, and its title. */
function caseOfSection({ title, error, message, body, at, first }: PytestSection): TestCase[] {
  if (title.includes('/') || title.endsWith('.py')) return [caseOf(title, 'error', { message, body, at })]
  if (first === undefined) return []
  const bracket = title.indexOf('[')
  const name = (bracket === -1 ? title : title.slice(0, bracket)).replaceAll('.', '::')
  const id = `${first}::${name}${bracket === -1 ? '' : title.slice(bracket)}`
  return [caseOf(id, error ? 'error' : 'failed', { message, body, at })]
}

const RERUN = /^(?:(\S+?\.\w+::.+?) RERUN|\[gw\d+\](?: \[ *\d+%\])? RERUN (\S+?\.\w+::.+?))(?:\s+\[ *\d+%\])?\s*$/

/** What a plugin ran again: named by -v, by xdist -v and by -rR, else only counted in the closing line or by letters. */
export function pytestReruns(output: string): Rerun[] {
  const times = new Map<string, [told: number, summed: number]>()
  let counted = 0
  for (const line of linesOf(output)) {
    const told = RERUN.exec(line)?.slice(1).find(Boolean)
    const summed = /^RERUN (\S+?\.\w+::.+?)\s*$/.exec(line)?.[1]
    const id = told ?? summed
    counted += Number(/\b(\d+) rerun\b/.exec(TALLY.exec(line)?.[1] ?? '')?.[1] ?? 0)
    if (id === undefined) continue
    const [one, other] = times.get(id) ?? [0, 0]
    times.set(id, told === undefined ? [one, other + 1] : [one + 1, other])
  }
  const named = [...times].map(([id, both]) => ({ id, times: Math.max(...both) }))
  const unnamed = counted - named.reduce((sum, one) => sum + one.times, 0)
  return unnamed > 0 ? [...named, { id: null, times: unnamed }] : named
}
