import type { Reading } from '../../model/evidence.ts'
import type { Refusal } from '../../model/proposal.ts'
import { firstWords } from './model-answer.ts'

/** How an attempt failed. */
export type FailedAttempt =
  /** The reply held no change that could be placed in the files. */
  | { readonly is: 'unplaced'; readonly reason: string }
  | { readonly is: 'refused'; readonly refusal: Refusal }
  /** It gave the same tree as another attempt, which `reason` names. */
  | { readonly is: 'repeated'; readonly reason: string }
  /** It ran; `before` are the tests that failed at the base. */
  | { readonly is: 'ran'; readonly reading: Reading; readonly before: readonly string[] }
  /** The answer held no patch, as `reason` says. */
  | { readonly is: 'none'; readonly reason: string }

/** The one sentence about an attempt that goes into the next request. */
export function attemptFeedback(setback: FailedAttempt): string {
  switch (setback.is) {
    case 'unplaced':
      return `the patch could not be applied: ${sentence(setback.reason)}`
    case 'refused': {
      const { path, message } = setback.refusal
      const named = path !== null && !message.includes(path) ? `${path}: ` : ''
      return `it was refused: ${named}${sentence(message)}`
    }
    case 'repeated':
      return `it gives ${setback.reason}, which did not work.`
    case 'none':
      return sentence(setback.reason)
    case 'ran':
      return ofReading(setback.reading, setback.before)
  }
}

function ofReading(reading: Reading, before: readonly string[]): string {
  switch (reading.is) {
    case 'green':
      return 'the command passes, but the proof did not hold.'
    case 'invalid':
    case 'undecided':
      return `the command could no longer be judged: ${sentence(reading.reason)}`
    case 'red':
      return `${ofTests(reading.failing, before)}: ${sentence(reading.reason)}`
  }
}

function ofTests(now: readonly string[], before: readonly string[]): string {
  const fresh = now.filter((id) => !before.includes(id))
  const mended = before.filter((id) => !now.includes(id))
  const still = now.filter((id) => before.includes(id))
  if (fresh.length > 0 && before.length > 0) {
    const mends = mended.length > 0 ? `it mends ${few(mended)}, but breaks` : 'it breaks'
    const rest = still.length > 0 ? `, and ${failing(still)}` : ''
    return `${mends} ${few(fresh)}, which passed before${rest}`
  }
  if (now.length > 0 && mended.length > 0) return `it mends ${few(mended)}, but ${failing(now)}`
  return now.length > 0 ? failing(now) : 'the command still fails'
}

function failing(ids: readonly string[]): string {
  return `${few(ids)} still ${ids.length === 1 ? 'fails' : 'fail'}`
}

function few(ids: readonly string[]): string {
  const shown = ids.slice(0, 3).map((id) => firstWords(id, 100))
  return ids.length > 3 ? `${shown.join(', ')} and ${ids.length - 3} more` : shown.join(', ')
}

/** One line that ends like a sentence. */
function sentence(text: string): string {
  const line = firstWords(text, 300)
  return /[.!?]$/.test(line) ? line : `${line}.`
}
