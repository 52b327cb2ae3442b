import { automaticExecutionOf } from '../core/guard/index.ts'
import { samePath } from '../core/patch/index.ts'
import type { CommitFacts } from '../model/commit.ts'
import { type RunPurpose, stepOf } from '../model/run-purpose.ts'
import type { RunSummary, SessionResult } from '../model/session.ts'

/** A result without its envelope, as `show` has it, too. */
export type ResultBody = Omit<SessionResult, 'schemaVersion'>

/** How many of the rounds of a kind went as a proof needs them. */
export interface RoundTally {
  readonly held: number
  readonly all: number
}

/** The four steps of a proof. `again`: the pairs of fresh runs without and with the change. */
export interface ProofSteps {
  readonly base: RoundTally
  readonly change: RoundTally
  readonly redAgain: RoundTally
  readonly greenAgain: RoundTally
}

/** What tests ask for since a change, one line each, and what became of all others; [] where nobody has to decide it. */
export function expectationLines({ expectations }: ResultBody): readonly string[] {
  if (!expectations) return []
  const { changed, others } = expectations
  const rows = changed.map(({ path, line, before, after }) => `${path}:${line}  ${before}  ->  ${after || '(gone)'}`)
  return others === null ? rows : [...rows, othersLine(others)]
}

/** The lines to type and to commit where judges may be meant to change. */
export function linesToType({ verdict, mend }: ResultBody): readonly string[] {
  return verdict === 'TESTS_CHANGED' && mend !== null ? mend.split('\n') : []
}

function othersLine({ passed, failing }: NonNullable<NonNullable<ResultBody['expectations']>['others']>): string {
  if (failing.length > 0) return `these other tests of the base fail with the product change: ${failing.join(', ')}`
  const [tests, pass] = passed === 1 ? ['1 other test', 'passes'] : [`all ${passed} other tests`, 'pass']
  return passed === 0 ? 'the base has no other test' : `${tests} of the base ${pass} with the product change`
}

/** A round is red with one red target, green with all targets green. */
export function stepsOf(result: ResultBody): ProofSteps {
  const last = result.attempts.at(-1)?.n
  return {
    base: held(result.runs, ({ is }) => is === 'base', 'red'),
    change: held(result.runs, ({ is, n }) => is === 'change' || (is === 'attempt' && n === last), 'green'),
    redAgain: held(result.runs, ({ is }) => is === 'red' || is === 'without', 'red'),
    greenAgain: held(result.runs, ({ is }) => is === 'green' || is === 'with', 'green'),
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

/** The step of a run as it was planned; null for one that was made once more, and for a label that is not ours. */
export function firstLook(on: string): RunPurpose | null {
  const step = stepOf(on)
  return step?.again || step?.judges ? null : step
}

/** A file of the patch. `byItself`: why it runs although nobody calls it. `lines`: null where its content is no text. */
export interface ChangedFile {
  readonly path: string
  readonly is: 'added' | 'deleted' | 'modified'
  readonly lines: { readonly added: number; readonly deleted: number } | null
  readonly byItself: string | null
  readonly judge: boolean
}

/** The files of a patch made by git without renames: first those that run by themselves, then judges, then the rest. */
export function changedFiles(result: ResultBody): readonly ChangedFile[] {
  const judges = new Set(result.judgesChanged)
  const rank = ({ byItself, judge }: ChangedFile) => (byItself === null ? (judge ? 1 : 2) : 0)
  return sections(result.patch ?? '')
    .flatMap(([header = '', ...body]) => {
      const path = samePath(header.slice('diff --git '.length))
      if (path === null) return []
      return [
        { path, is: kindOf(body), lines: linesOf(body), byItself: automaticExecutionOf(path), judge: judges.has(path) },
      ]
    })
    .sort((a, b) => rank(a) - rank(b))
}

/** `modified, +1 -2`, and whether it is a judge. */
export function changeLine({ is, lines, judge }: ChangedFile): string {
  const size = lines === null ? 'binary' : `+${lines.added} -${lines.deleted}`
  return `${is}, ${size}${judge ? ', a judge: test, configuration or CI' : ''}`
}

/** A hunk cannot hold a line that begins with `diff --git`, since each of its own begins with a mark. */
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

/** Separate commands, which the change had to pass besides. */
export function passedSeparateCommands({ runs }: ResultBody): readonly string[] {
  const all = runs.filter(({ on, reading }) => firstLook(on)?.is === 'also' && reading.is === 'green')
  return all.map(({ target }) => target)
}

/** Whose commit it is, and when it was made, as it says itself; `at` may be any number of 15 digits. */
export function commitLine({ author, at }: CommitFacts): string {
  return `by ${author}, committed ${at > 0 && at < 8.64e12 ? new Date(at * 1000).toISOString() : 'at no time'}`
}
