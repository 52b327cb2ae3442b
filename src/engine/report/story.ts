import { unquotePath } from '../core/diff/quote.ts'
import { runsByItself } from '../core/guard/by-itself.ts'
import type { RunSummary, SessionResult } from '../model/session.ts'

/** A result without its envelope, as `show` has it, too. */
export type Result = Omit<SessionResult, 'schemaVersion'>

/** How many of the rounds of a kind went as a proof needs them. */
export interface Held {
  readonly held: number
  readonly all: number
}

/** The four steps of a proof. `again`: the pairs of fresh runs without and with the change. */
export interface Steps {
  readonly base: Held
  readonly change: Held
  readonly redAgain: Held
  readonly greenAgain: Held
}

/** A round is red with one red target, green with all targets green. */
export function stepsOf(result: Result): Steps {
  const last = result.attempts.at(-1)?.n
  return {
    base: held(result.runs, /^base( \d+)?$/, 'red'),
    change: held(result.runs, new RegExp(`^(attempt ${last}|change)$`), 'green'),
    redAgain: held(result.runs, /^red \d+$/, 'red'),
    greenAgain: held(result.runs, /^green \d+$/, 'green'),
  }
}

function held(runs: readonly RunSummary[], on: RegExp, kind: 'red' | 'green'): Held {
  const rounds = new Map<string, boolean[]>()
  for (const run of runs)
    if (on.test(run.on)) rounds.set(run.on, [...(rounds.get(run.on) ?? []), run.reading.is === kind])
  const good = [...rounds.values()].filter((as) => (kind === 'red' ? as.includes(true) : !as.includes(false)))
  return { held: good.length, all: rounds.size }
}

/** A file of the patch. `byItself`: why it runs although nobody calls it. */
export interface ChangedFile {
  readonly path: string
  readonly byItself: string | null
  readonly judge: boolean
}

/** The files of a patch made by git without renames: first those that run by themselves, then judges, then the rest. */
export function changedFiles(result: Result): readonly ChangedFile[] {
  const judges = new Set(result.judgesChanged)
  const rank = ({ byItself, judge }: ChangedFile) => (byItself === null ? (judge ? 1 : 2) : 0)
  return headers(result.patch ?? '')
    .map((path) => ({ path, byItself: runsByItself(path), judge: judges.has(path) }))
    .sort((a, b) => rank(a) - rank(b))
}

/** `diff --git a/P b/P`: the same path twice, so its half. A hunk cannot hold such a line, since each of its own begins with a mark. */
function headers(patch: string): string[] {
  return patch.split('\n').flatMap((line) => {
    if (!line.startsWith('diff --git ')) return []
    const both = line.slice('diff --git '.length)
    const half = both.slice((both.length + 1) / 2)
    const path = half.startsWith('"') ? unquotePath(half) : half
    return path?.startsWith('b/') ? [path.slice(2)] : []
  })
}
