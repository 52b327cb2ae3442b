import type { Ended, TestReport } from '../../model/evidence.ts'
import { type CandidateWord, type ValidatedBase, ValidationLine } from '../../model/validation.ts'

/** What a validator said of a batch of candidates. */
export interface ValidationWords {
  /** Null: no test runner was met that could be taken over. */
  readonly base: ValidatedBase | null
  /** Why nothing was tried; null: it was. */
  readonly cannot: string | null
  /** Index of a candidate → the last word on it. */
  readonly words: ReadonlyMap<number, CandidateWord>
  /** Index of a candidate that passes → what it does for further inputs. */
  readonly behaviour: ReadonlyMap<number, readonly string[]>
  /** How many words were dropped because the control after them was wrong. */
  readonly dropped: number
  /** Whether a control was wrong, so that what follows needs a new process. */
  readonly spoilt: boolean
}

/**
 * Reads pp-words.jsonl. If a control is wrong, the words since the last right one are dropped. The candidates under test can write
 * this file, so nothing is believed that is not tried again.
 */
export function validationWords(text: string): ValidationWords {
  let base: ValidatedBase | null = null
  let cannot: string | null = null
  const words = new Map<number, CandidateWord>()
  const behaviour = new Map<number, readonly string[]>()
  let since = new Map<number, CandidateWord>()
  for (const line of text.split('\n')) {
    const said = lineOf(line)
    if (said === null) continue
    if ('by' in said) base ??= said
    else if ('cannot' in said) cannot ??= said.cannot
    else if ('does' in said) behaviour.set(said.n, said.does)
    else if ('n' in said) since.set(said.n, said.is)
    else if ('control' in said && !said.control)
      return { base, cannot, words, behaviour, dropped: since.size, spoilt: true }
    else if ('control' in said) {
      for (const [n, is] of since) words.set(n, is)
      since = new Map()
    }
  }
  for (const [n, is] of since) words.set(n, is)
  return { base, cannot, words, behaviour, dropped: 0, spoilt: false }
}

/** Null for a line that was cut short by the end of its process, and for one that is none. */
function lineOf(line: string): ValidationLine | null {
  try {
    return ValidationLine.safeParse(JSON.parse(line)).data ?? null
  } catch {
    return null
  }
}

/** How the tests of a validator differ from those of the command without a change; null: they do not. */
export function baseDifference(base: ValidatedBase, tests: TestReport | null, ended: Ended): string | null {
  if (ended.how === 'timed-out') return base.hanging > 0 ? null : 'no test hangs in it, but the command did not end'
  if (base.hanging > 0) return 'a test hangs in it'
  if (tests === null) return null
  const failing = new Set(base.failing)
  const failed = tests.tests.filter(({ outcome }) => outcome === 'failed' || outcome === 'error')
  const other = failed.find(({ id }) => !failing.has(id))
  if (other !== undefined) return `${other.id} does not fail in it`
  const count = tests.counts.failed + tests.counts.errors
  // A test that fails and whose tear-down fails is counted twice.
  const same = failing.size === count || failing.size === new Set(failed.map(({ id }) => id)).size
  return same ? null : `${failing.size} tests fail in it, and ${count} in the command`
}
