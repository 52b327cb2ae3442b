import type { Ended } from '../../model/evidence.ts'
import { crashOfForeign, foreignProgram } from './foreign-program.ts'
import { hiddenHistory } from './history.ts'
import { ignoredFile } from './ignored-file.ts'
import { missingModule } from './module.ts'
import { refusedNetwork } from './network.ts'
import { refusedProcess } from './process.ts'
import { type ProgramLookup, programNotFound } from './program.ts'
import type { InvalidReason, RunConditions } from './run-conditions.ts'
import { droppedVariable } from './variable.ts'

export interface InvalidRedInput extends RunConditions {
  /** Both streams, terminal escapes removed. */
  readonly output: string
  readonly ended: Ended
  /** What the test runner says about itself: usage error, no tests. */
  readonly runnerInvalid: InvalidReason | null
  readonly programs: ProgramLookup
}

/**
 * Null = a red like any other. A broken import of the repository's own code is a bug, so it is red. If one failure has
 * another cause, the whole run is red, however much else is missing.
 */
export function invalidRed(input: InvalidRedInput): InvalidReason | null {
  const { ended } = input
  if (ended.how === 'not-run' && ended.program !== undefined) return programNotFound(ended.program, input.programs)
  if (ended.how === 'signalled') return crashOfForeign(ended, input)
  if (ended.how !== 'exited' || ended.code === 0) return null
  const output = input.output.slice(-SEARCHED)
  const failures = failureBlocks(output)
  const program = shellFoundNone(output, ended.code, failures.length, input.programs)
  if (program || input.runnerInvalid) return program ?? input.runnerInvalid
  if (failures.length === 0)
    return COMPILER.test(output)
      ? ignoredFile(output, input)
      : (whatIsMissing(output, input) ?? crashOfForeign(ended, input))
  const found = failures.map((block) => whatIsMissing(block, input))
  return found.every((one) => one !== null) ? (found[0] ?? null) : null
}

const SEARCHED = 4_000_000

const NOT_FOUND = [
  /^(?:\S+: )?(?:line )?(?:\d+: )?(\S+): (?:command )?not found$/m,
  /^(?:env|exec|nice|timeout|bwrap|unshare|make(?:\[\d+\])?):.*?[‘'`]?([\w./@+-]+)[’']?: No such file or directory$/m,
]

/**
 * What shells answer if a program does not exist (127) or cannot be run (126), also when make or a package manager passes it
 * on.
 */
function shellFoundNone(output: string, code: number, failures: number, programs: ProgramLookup): InvalidReason | null {
  const shell = /^(?:\/\S*\/)?(?:ba|da|z|k)?sh: (?:line )?(?:\d+: )?(\S+): (?:command )?not found$/m.exec(output)?.[1]
  const passedOn = /^make(?:\[\d+\])?: \*\*\* .*\bError 12[67]$/m.test(output)
  if (code !== 126 && code !== 127 && !passedOn && !(shell && failures === 0)) return null
  const denied = /^(?:\S+: )?(?:line )?(?:\d+: )?(\S+): Permission denied$/m.exec(output)?.[1]
  const name = shell ?? NOT_FOUND.map((pattern) => pattern.exec(output)?.[1]).find(Boolean)
  if (name === undefined && (denied !== undefined || code === 126))
    return {
      reason: `${denied ?? 'the program'} may not be executed`,
      mend: `make it executable: chmod +x ${denied ?? 'FILE'}`,
    }
  return programNotFound(name ?? null, programs)
}

/** Lines at which a test runner begins to report one failure, and lines at which it stops. */
const FAILURE =
  /^(?:_{3,} .+ _{3,}|(?:FAIL|ERROR): .+|\s*not ok \d+.*|✖ .+| {2}● .+| *FAIL {2}\S.*| {2}\d+\) .+| {2}[✘×] .+|\s*--- FAIL: .+)$/
const NEUTRAL =
  /^(?:={3,} .+ ={3,}|={30,}|Ran \d+ tests? in .*|(?:ℹ|#) tests \d+|FAIL\s+\S+\s+[\d.]+s|Test Suites: .*)$/
const REASON =
  /\b(?:\w*Error|\w*Exception|assert\w*|panic|expect\w*|got|want|actual|differ\w*|timed? ?out|Cannot|failed to)\b/i
const ONLY_PARENT = /subtestsFailed|^\s*'?\d+ subtests? failed/m
const COMPILER = /^\S+:\d+:\d+: (?:fatal )?error: /m
const ASSERTION =
  /^E\s+(?:AssertionError|assert)\b|^\s*AssertionError\b|\bERR_ASSERTION\b|^\s+expect\(|\bAssertion\b.*\bfailed\b/

/**
 * The failures that a runner reports one by one, each with its reason; failures that only say that a child failed are left
 * out.
 */
function failureBlocks(output: string): string[] {
  const blocks: string[][] = []
  let open: string[] | null = null
  for (const line of output.split('\n')) {
    if (FAILURE.test(line)) {
      open = []
      blocks.push(open)
    } else if (NEUTRAL.test(line)) open = null
    open?.push(line)
  }
  return blocks
    .map((lines) => lines.join('\n'))
    .filter((block) => REASON.test(block.slice(block.indexOf('\n') + 1)) && !ONLY_PARENT.test(block))
}

/** The first missing thing that a text shows, unless it shows a failed assertion that has nothing to do with it. */
function whatIsMissing(text: string, input: InvalidRedInput): InvalidReason | null {
  const wants = (part: string) => WANTS.map((want) => want(part, input)).find((found) => found !== null) ?? null
  const unexplained = text.split('\n').some((line) => ASSERTION.test(line) && wants(line) === null)
  return unexplained ? null : wants(text)
}

/** What may be missing, the surest first. */
const WANTS: readonly ((text: string, surroundings: RunConditions) => InvalidReason | null)[] = [
  ignoredFile,
  missingModule,
  refusedNetwork,
  droppedVariable,
  refusedProcess,
  hiddenHistory,
  foreignProgram,
]
