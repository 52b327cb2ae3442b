import type { TestCase } from '../../model/evidence.ts'
import type { Runner } from '../../ports/runner.ts'
import { append } from './lib/append-tests.ts'
import { callOf, hasOption, programAt, withFiles } from './lib/runner-call.ts'
import { importOf, isScript } from './lib/script-tests.ts'
import { isTap, tapCases } from './lib/tap.ts'
import { caseOf, countCases, insteadOf, linesOf, placeOf, type ReportCounts, reportOf } from './lib/test-report.ts'

const TOTAL =
  /^ {2}(\d+) (?:(tests? (?:passed|failed|skipped|todo)|known failures?)|(uncaught exceptions?|unhandled rejections?|tests? remained pending.*))$/
const RESULT =
  /^ {2}(?:([✔√]) (\[expected fail\] )?|([✘×]) \[(?:fail|expected fail|unexpected)\]: ?|(- )\[(?:skip|todo)\] )(.*?)(?: \(\d[\d.]* ?m?s\))?$/
const BROKEN =
  /^ {2}[✘×] (?:(\S+) exited (?:with a non-zero exit code|due to)|No tests found in (\S+)|(\S+) failed to load)/

/** If tests fail, ava does not print how many passed, so passed tests are counted by their lines. */
function countsOf(lines: readonly string[], cases: readonly TestCase[]): ReportCounts | null {
  const counts = { passed: 0, failed: 0, errors: 0, skipped: 0 }
  let found = false
  for (const line of lines) {
    const [, n, word, trouble] = TOTAL.exec(line) ?? []
    if (n === undefined) continue
    found = true
    if (trouble) counts.errors += Number(n)
    else if (word?.endsWith('passed')) counts.passed += Number(n)
    else if (word?.endsWith('failed')) counts.failed += Number(n)
    else counts.skipped += Number(n)
  }
  if (!found) return null
  const broken = cases.filter(({ outcome }) => outcome === 'error').length
  const passed = counts.passed || cases.filter(({ outcome }) => outcome === 'passed').length
  return { ...counts, passed, errors: Math.max(counts.errors, broken) }
}

/** Titles as printed, 'file › title' if ava adds the file; the reason of a failure follows the first rule. */
function casesOf(lines: readonly string[]): TestCase[] {
  const rule = lines.indexOf('  ─')
  const headings = new Map<string, number>()
  for (const [at, line] of lines.entries())
    if (rule !== -1 && at > rule && /^ {2}\S/.test(line) && lines[at - 1] === '') headings.set(line.trim(), at)
  return lines.flatMap((line) => {
    const broken = BROKEN.exec(line)
    if (broken) {
      const file = broken.slice(1).find(Boolean) ?? ''
      return [caseOf(file, 'error', { message: line.trim().slice(2), body: thrownIn(lines, file) })]
    }
    const [, passed, expected, failed, , title] = RESULT.exec(line) ?? []
    if (title === undefined) return []
    if (!failed) return [caseOf(title, expected ? 'xfailed' : passed ? 'passed' : 'skipped')]
    const known = [...headings.keys()].filter((one) => title === one || title.startsWith(`${one} `))
    const id = known.sort((a, b) => b.length - a.length)[0]
    return [
      id === undefined ? caseOf(title, 'failed') : toldAt(lines, headings.get(id) ?? 0, id, title.slice(id.length)),
    ]
  })
}

/** What an exception or a rejection outside of the tests of a file says. */
function thrownIn(lines: readonly string[], file: string): string[] {
  const at = lines.findIndex(
    (line) => /^ {2}(?:Uncaught exception|Unhandled rejection) in /.test(line) && line.endsWith(file),
  )
  const below = at === -1 ? [] : lines.slice(at + 1, at + 40)
  const end = below.findIndex((line) => /^ {2}[✘×─]/.test(line))
  return below
    .slice(0, end === -1 ? below.length : end)
    .filter((line) => /^ {2}[A-Z]\w*(?:Error|Exception)?\b.*: /.test(line))
}

/** Below the title of a failure: 'path:line', the source, the difference or the thrown error, and the stack. */
function toldAt(lines: readonly string[], at: number, id: string, reason: string): TestCase {
  const end = lines.findIndex(
    (line, index) =>
      index > at + 2 && (line === '  ─' || (line === '' && lines[index + 1] === '' && lines[index + 2] === '')),
  )
  const body = lines.slice(at + 1, end === -1 ? at + 200 : end)
  const thrown = body.find((line) => /^ {2}[A-Z]\w*(?:Error|Exception)\b.*: /.test(line))
  const text = body.find((line) => /^ {2}[^\s─]/.test(line) && !/:\d+$/.test(line))
  const frame = body
    .filter((line) => /^\s+(?:at|›) /.test(line))
    .map(placeOf)
    .find((found) => found !== undefined)
  return caseOf(id, 'failed', { message: thrown ?? text ?? reason, body, at: frame ?? body.map(placeOf).find(Boolean) })
}

/** https://github.com/avajs/ava */
export default {
  kind: 'ava',
  ids: 'file › test',

  recognises: (command, output) =>
    /(?:^|[\s/;&|])ava(?:\s|$)/.test(command) ||
    (/^ {2}─$/m.test(output) && output.split('\n').some((line) => TOTAL.test(line))),

  read(output) {
    const lines = linesOf(output)
    if (isTap(output)) return reportOf('ava', countCases(tapCases(output)), tapCases(output), true)
    const cases = casesOf(lines)
    const counts = countsOf(lines, cases)
    return counts && reportOf('ava', counts, cases)
  },

  /** Hooks, also as 'file › before hook', and files; the ids do not always show which tests belong to them. */
  insteadOf: (cases) =>
    insteadOf(cases, (id) =>
      isScript(id) ? '' : (/^(.*?)(?:before|after)(?:Each)?(?:\.always)? hook\b/.exec(id)?.[1] ?? null),
    ),

  invalid(output, { ended }) {
    if (ended.how !== 'exited') return null
    const missing = /^ {2}[✘×] ((?:Couldn[’']t find any|Based on your configuration,).*)$/m.exec(output)?.[1]
    if (missing !== undefined)
      return { reason: `ava: ${missing.replace(/:$/, '')}`, mend: 'name a file that holds tests' }
    const results = linesOf(output).filter((line) => RESULT.test(line) || BROKEN.test(line))
    return results.length > 0 && results.every((line) => line.includes('No tests found in'))
      ? { reason: 'ava found no tests in the files that it was given', mend: 'name a file that holds tests' }
      : null
  },

  testListing: () => null,

  addFailingTest(path, text, name) {
    const how = isScript(path) ? importOf(text, 'ava') : null
    if (how === null) return null
    const call = `.fail('${name}'))\n`
    const only = /\btest\.only\b/.test(text) ? '.only' : ''
    if (how === 'import') return append(text, `import ${name} from 'ava'\n;${name}${only}('${name}', (t) => t${call}`)
    return append(text, `;require('ava')${only}('${name}', (t) => t${call}`)
  },

  /** A title may follow the name of its file, and may contain the separator itself. */
  leaveOut(command, tests) {
    const call = callOf(command)
    if (!call || programAt(call, /^ava(?:\.js)?$/) === -1) return null
    const titles = tests.flatMap(({ id }) => titlesIn(id))
    return call.add([...new Set(titles)].flatMap((title) => ['--match', `!${title}`]))
  },

  select(command, tests) {
    const call = callOf(command)
    if (!call || programAt(call, /^ava(?:\.js)?$/) === -1 || hasOption(call, '-m', '--match')) return null
    return call.add(tests.flatMap(({ id }) => titlesIn(id)).flatMap((title) => ['--match', title]))
  },

  selectFiles(command, files) {
    const call = callOf(command)
    return call && withFiles(call, /^ava(?:\.js)?$/, files)
  },
} satisfies Runner

/** What may be the title in an id, which can begin with the parts of a file's path. */
function titlesIn(id: string): string[] {
  return id.split(' › ').map((_, at, parts) => parts.slice(at).join(' › '))
}
