import type { Command } from '../../model/command.ts'
import type { TestCase, TestOutcome } from '../../model/evidence.ts'
import type { Runner } from '../../ports/runner.ts'
import { append } from './lib/append-tests.ts'
import { callOf, hasOption, innermostTests, literalPattern, programAt, type RunnerCall } from './lib/runner-call.ts'
import { caseOf, countCases, insteadOf, linesOf, reportOf } from './lib/test-report.ts'

const RESULT = /^((?: {4})*)--- (PASS|FAIL|SKIP): (\S+) \([\d.]+s\)$/
const PACKAGE = /^(ok|FAIL)\s+(\S+)\s+(?:[\d.]+s|\(cached\)|\[(build|setup) failed\])/
const STARTED = /^=== (?:RUN|CONT|NAME) +(\S+)$/
const OUTCOMES: Readonly<Record<string, TestOutcome>> = { PASS: 'passed', FAIL: 'failed', SKIP: 'skipped' }

/** The text from which `go test -json` was made, with the lines of each package together; other lines keep their places. */
function plain(output: string): string {
  if (!/^\{"(?:Time|Action|ImportPath)":/m.test(output)) return output
  const packages = new Map<string, string>()
  const rest: string[] = []
  for (const line of output.split('\n')) {
    const event = line.startsWith('{') ? parse(line) : null
    if (event === null) rest.push(line)
    else packages.set(event.package, (packages.get(event.package) ?? '') + event.output)
  }
  return [...rest, ...packages.values()].join('\n')
}

function parse(line: string): { package: string; output: string } | null {
  try {
    const event: unknown = JSON.parse(line)
    if (typeof event !== 'object' || event === null || !('Action' in event)) return null
    const text = (key: string) => String((event as Record<string, unknown>)[key] ?? '')
    return { package: text('Package') || text('ImportPath'), output: text('Output') }
  } catch {
    return null
  }
}

interface GoTestResults {
  readonly cases: readonly TestCase[]
  readonly packages: readonly { readonly path: string; readonly ok: boolean }[]
}

/** What was read since the last package ended. */
interface OpenPackage {
  readonly results: { readonly name: string; readonly outcome: TestOutcome }[]
  readonly said: Map<string, string[]>
  readonly lines: string[]
}

/**
 * Tests as 'package.Test/subtest'. The name of a package comes after its tests; output of a test comes before or after its
 * result.
 */
function found(lines: readonly string[]): GoTestResults {
  const cases: TestCase[] = []
  const packages: GoTestResults['packages'][number][] = []
  let open: OpenPackage = { results: [], said: new Map(), lines: [] }
  let current = ''
  for (const line of lines) {
    const [, , status, name] = RESULT.exec(line) ?? []
    const closed = PACKAGE.exec(line)
    current = STARTED.exec(line)?.[1] ?? name ?? current
    if (status !== undefined && name !== undefined) open.results.push({ name, outcome: OUTCOMES[status] ?? 'failed' })
    else if (closed?.[2] !== undefined && !line.endsWith('[no tests to run]')) {
      const path = closed[2]
      cases.push(...open.results.map((one) => caseAt(path, one, open.said.get(one.name) ?? [])))
      if (closed[1] === 'FAIL' && !open.results.some(({ outcome }) => outcome === 'failed'))
        cases.push(...brokenPackage(path, closed[3], open.lines, lines))
      packages.push({ path, ok: closed[1] === 'ok' })
      open = { results: [], said: new Map(), lines: [] }
    } else {
      if (open.lines.length < MOST_LINES) open.lines.push(line)
      if (current !== '') open.said.set(current, [...(open.said.get(current) ?? []), line].slice(0, 100))
    }
  }
  return { cases, packages }
}

/** In lines: how much of what a package printed is searched for the test that it stopped in. */
const MOST_LINES = 5000

/** A package without a failed test: it was not built, or it ended in a test, which the panic names. */
function brokenPackage(
  path: string,
  lacks: string | undefined,
  printed: readonly string[],
  lines: readonly string[],
): TestCase[] {
  if (lacks !== undefined) {
    const at = lines.findIndex((line) => /^# /.test(line) && line.slice(2).split(' ')[0] === path)
    const below = at === -1 ? [] : lines.slice(at + 1, at + 30)
    const end = below.findIndex((line) => !/^\S+:\d+:\d+: |^\s|^too many errors$/.test(line))
    const body = end === -1 ? below : below.slice(0, end)
    const [, file, line] = /^(\S+?):(\d+):\d+: /.exec(body[0] ?? '') ?? []
    const place = file === undefined ? undefined : { file, line: Number(line) }
    return [caseOf(path, 'error', { message: `${lacks} failed`, body, at: place })]
  }
  const broke = printed.findIndex((line) => PANIC.test(line))
  const panic = PANIC.exec(printed[broke] ?? '')?.[1]
  const below = broke === -1 ? [] : printed.slice(broke + 1)
  const running = below.flatMap((line) => {
    const [, listed, owner, framed] =
      /^\t((?:Test|Fuzz|Example)\S*) \([\d.]+m?s\)$|^(\S+)\.(Test\w+)\(/.exec(line) ?? []
    return listed ?? (owner === path || owner === 'main' ? framed : undefined) ?? []
  })
  const at = ownFrame(below.slice(below.findIndex((line) => line.startsWith(`${path}.Test`)) + 1))
  const error = caseOf(path, 'error')
  if (panic === undefined) return [error]
  return [error, ...[...new Set(running)].map((test) => caseOf(`${path}.${test}`, 'failed', { message: panic, at }))]
}

function caseAt(
  path: string,
  { name, outcome }: { name: string; outcome: TestOutcome },
  said: readonly string[],
): TestCase {
  if (outcome !== 'failed') return caseOf(`${path}.${name}`, outcome)
  const place = /^\s+([\w./-]+\.go):(\d+): ?(.*)$/
  const at = said.findIndex((line) => place.test(line))
  const log = place.exec(said[at] ?? '')
  const broke = said.findIndex((line) => PANIC.test(line))
  const panic = PANIC.exec(said[broke] ?? '')?.[1]
  const own = panic === undefined && log?.[1] ? { file: log[1], line: Number(log[2]) } : ownFrame(said)
  const indented = said.slice(at + 1).filter((line) => /^\s{4}/.test(line))
  return caseOf(`${path}.${name}`, outcome, {
    message: panic ?? (log?.[3]?.trim() || indented[0]),
    body: panic === undefined ? indented : said.slice(broke + 1, broke + 3).filter((line) => line.startsWith('[')),
    at: own,
  })
}

const PANIC = /^\s*(panic: .*?)(?: \[recovered.*\])?$/

/** The frame of a panic in a test file or next to it: the first that is not below the directory of Go itself. */
function ownFrame(said: readonly string[]): { file: string; line: number } | undefined {
  const frames = said.flatMap((line) => {
    const [, file, at] = /^\t(\S+\.go):(\d+)(?: \+0x[0-9a-f]+)?$/.exec(line) ?? []
    return file === undefined || /\/src\/(?:testing|runtime|time|sync|internal)\//.test(file)
      ? []
      : [{ file, line: Number(at) }]
  })
  return frames[0]
}

const NO_TESTS = /^(?:\?\s+\S+\s+\[no test files\]|ok\s.*\[no tests to run\])$/m
const USAGE =
  /^(?:go: (?:cannot find main module.*|go\.mod file not found.*)|flag provided but not defined: .*|no Go files in .*|stat .*: directory not found|pattern .*: directory prefix .*|.*matched no packages.*)$/m

/** 'TestA/subtest' of 'example.com/package.TestA/subtest'; null for a package. */
function testOf(id: string): string | null {
  return /^.*?\.((?:Test|Example|Fuzz)[^/.]*(?:\/.*)?)$/.exec(id)?.[1] ?? null
}

function goTestCall(command: Command): RunnerCall | null {
  const call = callOf(command)
  return call?.words.includes('test') && programAt(call, /^go(?:\d[\d.]*)?$/) !== -1 ? call : null
}

/** https://pkg.go.dev/cmd/go#hdr-Test_packages */
export default {
  kind: 'go-test',

  recognises: (command, output) =>
    /\bgo (?:-C \S+ )?test\b/.test(command) ||
    linesOf(output).some((line) => PACKAGE.test(line) || RESULT.test(line)) ||
    /^\{.*"Action":"(?:pass|fail|run)".*"Package":/m.test(output),

  /** Without -v, only failures are named and no tests are counted; then packages are counted. */
  read(output) {
    const lines = linesOf(plain(output))
    const { cases, packages } = found(lines)
    if (packages.length === 0) return null
    if (lines.some((line) => STARTED.test(line))) return reportOf('go-test', countCases(cases), cases, true)
    const passed = packages.filter(({ ok }) => ok).length
    const errors = cases.filter(({ outcome }) => outcome === 'error').length
    const failed = packages.length - passed - errors
    return reportOf('go-test', { passed, failed, errors, skipped: 0 }, cases, false)
  },

  /** A package that was not built, or that ended before its tests. */
  insteadOf: (cases) => insteadOf(cases, (id) => (testOf(id) === null ? `${id}.` : null)),

  invalid(output, { ended }) {
    if (ended.how !== 'exited') return null
    const text = plain(output)
    if (found(linesOf(text)).packages.length > 0) return null
    if (NO_TESTS.test(text))
      return {
        reason: 'go test found no tests',
        mend: 'name a package that has tests, and a -run pattern that matches some of them',
      }
    if (ended.code === 0) return null
    const usage = USAGE.exec(text)?.[0]
    return usage
      ? { reason: `go test could not start: ${usage}`, mend: 'correct the package or option in the command' }
      : null
  },

  /** GOFLAGS affects every go command; -v changes only what `go test` prints. */
  testListing: () => ({ env: () => ({ GOFLAGS: '-v' }) }),

  addFailingTest(path, text, name) {
    const alias = path.endsWith('_test.go') ? /^\s*(?:import\s+)?(?:(\w+)\s+)?"testing"\s*$/m.exec(text) : null
    if (!alias) return null
    return append(
      text,
      `func Test_${name}(t *${alias[1] && alias[1] !== 'import' ? alias[1] : 'testing'}.T) {\n\tt.Fatal("${name}")\n}\n`,
    )
  },

  /** `-skip` is an option of Go 1.20. A pattern is matched part by part, between the slashes of a subtest's name. */
  leaveOut(command, tests) {
    const call = goTestCall(command)
    if (!call || hasOption(call, '-skip', '--skip', '-args', '--args')) return null
    const names = tests.map(({ id }) => testOf(id))
    if (!names.every((name) => name !== null)) return null
    const patterns = innermostTests(names, '/').map((name) =>
      name
        .split('/')
        .map((part) => `^${literalPattern(part)}$`)
        .join('/'),
    )
    return call.add(['-skip', patterns.join('|')])
  },

  /** Without the subtests' names, so that all of a test's subtests run. */
  select(command, tests) {
    const call = goTestCall(command)
    if (!call || hasOption(call, '-run', '--run', '-test.run', '-args', '--args')) return null
    const names = tests.map(({ id }) => testOf(id)?.split('/')[0])
    if (!names.every((name) => name !== undefined)) return null
    return call.add(['-run', `^(?:${[...new Set(names)].map(literalPattern).join('|')})$`])
  },
} satisfies Runner
