import { printedText } from '../../core/bytes/index.ts'
import {
  attemptFeedback,
  type FailedAttempt,
  outputEnds,
  outputExcerpt,
  quoteUntrusted,
  testExcerpts,
} from '../../core/context/index.ts'
import { maskedText } from '../../core/redact/index.ts'
import type { AttemptSummary } from '../../model/session.ts'
import type { EarlierAttempt } from '../../ports/proposer.ts'
import { SECRET_RULE } from '../base/index.ts'
import { failingTestsOf, failuresOf, type Round, redMeasurements } from '../measure/index.ts'
import type { Baseline } from '../proof/index.ts'
import type { Outcome, Session } from '../session/index.ts'
import { findTests, type Investigating } from './investigate-failure.ts'
import { NO_PATCH, type PreparedAttempt } from './prepare-attempt.ts'
import type { VisibleFiles } from './visible-files.ts'

/** In characters: how much of the output of an attempt, of its broken tests, and of one message is told. */
const OUTPUT = 1_500
const BROKEN = 3_000
const MESSAGE = 500
const MOST_BROKEN = 5

export interface AttemptEnd {
  readonly n: number
  readonly tried: PreparedAttempt
  readonly result: Outcome
  /** The round that decided; null: nothing ran. */
  readonly round: Round | null
}

/** What the next request tells of an attempt that failed. */
export async function toldAttempt(
  session: Pick<Session, 'redactor'> & Investigating,
  base: Baseline,
  { n, tried, result, round }: AttemptEnd,
  files: VisibleFiles,
): Promise<EarlierAttempt> {
  const { verdict } = result
  // A proposer that learned which secret was found, or where, could use the refusals to guess secrets.
  if (!tried.ok && tried.summary.refusals.some(({ rule }) => rule === SECRET_RULE))
    return { n, verdict, sentence: 'a secret', patch: null, output: null, broken: null }
  const patch = tried.ok ? tried.attempt.patch : tried.patch
  const text = patch ? maskedText(session.redactor, new TextDecoder().decode(patch)) : null
  const shown = tried.ok && verdict !== 'RIGGED' ? round : null
  const sentence = tried.ok ? ofRun(base, result, shown) : attemptFeedback(setbackOf(tried.summary))
  return {
    n,
    verdict: tried.ok ? verdict : tried.summary.verdict,
    sentence: maskedText(session.redactor, sentence),
    patch: text,
    output: shown && outputOf(session, shown),
    broken: shown && (await brokenTests(session, base, shown, files)),
  }
}

/** What a proposer is told about a refusal: the rule and the path, never the text of the policy. */
function setbackOf({ verdict, reason, refusals: [first] }: AttemptSummary): FailedAttempt {
  if (first?.rule === 'repeated') return { is: 'repeated', reason }
  if (first?.rule === NO_PATCH) return { is: 'none', reason }
  if (!first || verdict === 'REFUSED') return { is: 'unplaced', reason }
  const message = verdict === 'DENIED' ? `not allowed here (${first.rule})` : reason
  return { is: 'refused', refusal: { ...first, message } }
}

function ofRun(base: Baseline, { verdict, reason }: Outcome, round: Round | null): string {
  const red = round === null || verdict !== 'NOT_FIXED' ? [] : redMeasurements(round)
  const [first] = red.flatMap((one) => (one.reading.is === 'red' ? [one.reading.reason] : []))
  if (round === null || first === undefined) return reason
  const reading = { is: 'red', reason: first, failing: failingTestsOf(round) } as const
  return attemptFeedback({ is: 'ran', reading, before: failingTestsOf(base.round) })
}

/** The output of the first target that is red; it goes into the next request. */
function outputOf(session: Investigating, round: Round): string | null {
  const red = redMeasurements(round)[0]
  return red ? outputExcerpt(outputEnds(printedText(red.execution)), OUTPUT, failuresOf(session, red)) : null
}

/** The tests that the base passed and this round fails: their messages, and where they stand. Null: there are none. */
async function brokenTests(
  session: Pick<Session, 'redactor'> & Investigating,
  base: Baseline,
  round: Round,
  files: VisibleFiles,
): Promise<string | null> {
  const before = new Set(failingTestsOf(base.round))
  const broken = new Set(
    failingTestsOf(round)
      .filter((id) => !before.has(id))
      .slice(0, MOST_BROKEN),
  )
  if (before.size === 0 || broken.size === 0) return null
  const named = redMeasurements(round)
    .flatMap((one) => failuresOf(session, one))
    .filter(({ id }) => broken.has(id))
  const messages = named.map(({ id, message }) => `${id}: ${(message ?? '').slice(0, MESSAGE)}`)
  const found = await findTests(session, named, [], [], files)
  const sources = testExcerpts(found, BROKEN)
  const told = quoteUntrusted('FAILURES', maskedText(session.redactor, messages.join('\n')))
  return sources === '' ? told : `${told}\n${sources}`
}
