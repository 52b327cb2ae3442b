import { automaticExecutionOf } from '../core/guard/index.ts'
import { samePath } from '../core/patch/index.ts'
import type { CommitFacts } from '../model/commit.ts'
import { type RunPurpose, stepOf } from '../model/run-purpose.ts'
import type { RunSummary, SessionResult } from '../model/session.ts'

/** A result without its envelope, as `show` also has it. */
export type ResultBody = Omit<SessionResult, 'schemaVersion'>

/** How many rounds of one kind had the result that a proof needs. */
export interface RoundTally {
  readonly held: number
  readonly all: number
}

/** The four steps of a proof. `again`: the pairs of fresh runs without and with the change. */
export interface ProofSteps {
  /** What the runs without the change have to be. */
  readonly without: 'red' | 'green'
  readonly base: RoundTally
  readonly change: RoundTally
  readonly redAgain: RoundTally
  readonly greenAgain: RoundTally
}

/** What tests expect since a change, one line each, and how all other tests ended; [] if nobody has to decide about it. */
export function expectationLines({ expectations }: ResultBody): readonly string[] {
  if (!expectations) return []
  const { changed, others } = expectations
  const rows = changed.map(({ path, line, before, after }) => `${path}:${line}  ${before}  ->  ${after || '(gone)'}`)
  return others === null ? rows : [...rows, othersLine(others)]
}

/** The lines to type and to commit if judges are meant to change. */
export function linesToType({ verdict, mend }: ResultBody): readonly string[] {
  return verdict === 'TESTS_CHANGED' && mend !== null ? mend.split('\n') : []
}

function othersLine({ passed, failing }: NonNullable<NonNullable<ResultBody['expectations']>['others']>): string {
  if (failing.length > 0) return `these other tests of the base fail with the product change: ${failing.join(', ')}`
  const [tests, pass] = passed === 1 ? ['1 other test', 'passes'] : [`all ${passed} other tests`, 'pass']
  return passed === 0 ? 'the base has no other test' : `${tests} of the base ${pass} with the product change`
}

/** Counts rounds: one is red if at least one target is red, and green if all targets are green. */
export function stepsOf(result: ResultBody): ProofSteps {
  const ended = result.attempts.findLast(({ verdict }) => verdict === result.verdict)
  const last = (ended ?? result.attempts.at(-1))?.n
  const focused = result.focus !== undefined
  const without = result.counts.before === undefined ? 'red' : 'green'
  return {
    without,
    base: held(result.runs, ({ is }) => is === 'base', without),
    change: held(result.runs, ({ is, n }) => is === 'change' || (is === 'attempt' && n === last), 'green'),
    redAgain: held(
      result.runs,
      ({ is }) => is === 'red' || is === 'without' || (focused && is === 'focused-red'),
      without,
    ),
    greenAgain: held(
      result.runs,
      ({ is }) => is === 'green' || is === 'with' || (focused && is === 'focused-green'),
      'green',
    ),
  }
}

function held(runs: readonly RunSummary[], counts: (step: RunPurpose) => boolean, kind: 'red' | 'green'): RoundTally {
  const rounds = new Map<string, boolean[]>()
  for (const { on, reading } of runs) {
    const step = firstLook(on)
    if (step && counts(step)) rounds.set(on, [...(rounds.get(on) ?? []), reading.is === kind])
  }
  const good = [...rounds.values()].filter((as) => (kind === 'red' ? as.includes(true) : !as.includes(false)))
  return { held: good.length, all: rounds.size }
}

/** The step of a run as planned; null for a repeated run, and for a label that git pp does not write. */
export function firstLook(on: string): RunPurpose | null {
  const step = stepOf(on)
  return step?.again || step?.judges ? null : step
}

/** A file of the patch. `byItself`: why it runs although nobody calls it. `lines`: null if its content is not text. */
export interface ChangedFile {
  readonly path: string
  readonly is: 'added' | 'deleted' | 'modified'
  readonly lines: { readonly added: number; readonly deleted: number } | null
  readonly byItself: string | null
  readonly judge: boolean
  /** The line of the new file at which the change begins; null for a file that is gone or is not text. */
  readonly firstLine: number | null
}

/** The files of a patch made by git without renames: first those that run by themselves, then judges, then the rest. */
export function changedFiles(result: ResultBody): readonly ChangedFile[] {
  const judges = new Set(result.judgesChanged)
  const rank = ({ byItself, judge }: ChangedFile) => (byItself === null ? (judge ? 1 : 2) : 0)
  return sections(result.patch ?? '')
    .flatMap(([header = '', ...body]) => {
      const path = samePath(header.slice('diff --git '.length))
      if (path === null) return []
      const is = kindOf(body)
      const facts = { lines: linesOf(body), firstLine: is === 'deleted' ? null : firstLineOf(body) }
      return [{ path, is, ...facts, byItself: automaticExecutionOf(path), judge: judges.has(path) }]
    })
    .sort((a, b) => rank(a) - rank(b))
}

/** `modified, +1 -2`, and whether it is a judge. */
export function changeLine({ is, lines, judge }: ChangedFile): string {
  const size = lines === null ? 'binary' : `+${lines.added} -${lines.deleted}`
  return `${is}, ${size}${judge ? ', a judge: test, configuration or CI' : ''}`
}

/** No line inside a hunk can begin with `diff --git`, because each line of a hunk begins with a mark. */
function sections(patch: string): readonly (readonly string[])[] {
  const found: string[][] = []
  for (const line of patch.split('\n')) {
    if (line.startsWith('diff --git ')) found.push([line])
    else found.at(-1)?.push(line)
  }
  return found
}

function kindOf(body: readonly string[]): ChangedFile['is'] {
  if (body[0]?.startsWith('new file mode ')) return 'added'
  return body[0]?.startsWith('deleted file mode ') ? 'deleted' : 'modified'
}

function linesOf(body: readonly string[]): ChangedFile['lines'] {
  if (body.includes('GIT binary patch')) return null
  const start = body.findIndex((line) => line.startsWith('@@'))
  const hunks = start === -1 ? [] : body.slice(start)
  const count = (mark: string) => hunks.filter((line) => line.startsWith(mark)).length
  return { added: count('+'), deleted: count('-') }
}

function firstLineOf(body: readonly string[]): number | null {
  const start = body.findIndex((line) => line.startsWith('@@'))
  const [, from] = /^@@ -\S+ \+(\d+)/.exec(body[start] ?? '') ?? []
  if (from === undefined) return null
  const same = body.slice(start + 1).findIndex((line) => !line.startsWith(' '))
  return Math.max(1, Number(from) + Math.max(0, same))
}

/** The separate commands that also passed with the change. */
export function passedSeparateCommands({ runs }: ResultBody): readonly string[] {
  const all = runs.filter(({ on, reading }) => firstLook(on)?.is === 'also' && reading.is === 'green')
  return all.map(({ target }) => target)
}

/** The author and the time of a commit, as the commit states them; `at` may be any number of 15 digits. */
export function commitLine({ author, at }: CommitFacts): string {
  return `by ${author}, committed ${at > 0 && at < 8.64e12 ? new Date(at * 1000).toISOString() : 'at no time'}`
}
