import { attemptFile, attemptOf, isOfBase } from '../../core/bundle-layout/index.ts'
import type { ProofView } from '../../model/proof-view.ts'
import { type RunPurpose, stepOf } from '../../model/run-purpose.ts'
import type { AttemptSummary, RunSummary } from '../../model/session.ts'
import { STATUS_OF_VERDICT } from '../../model/verdict.ts'
import { firstLook } from '../proof-steps.ts'
import { duration } from '../text-lines.ts'
import { executions, textOf } from './evidence.ts'
import { badge, bulletList, diffBox, foldedSection, readingOf, type Tone } from './html-parts.ts'
import { html, type Markup } from './markup.ts'

export function toneOf(verdict: string): Tone {
  const status = (STATUS_OF_VERDICT as Readonly<Record<string, number>>)[verdict]
  return status === 0 ? 'good' : status === 1 ? 'bad' : 'unsure'
}

/** What happened, in its order: the base, each attempt, the pairs, the other checks. */
export function timeline(view: ProofView): Markup {
  const { result, files } = view
  const before = result.runs.filter(({ on }) => placeOf(on) === 'base')
  const after = result.runs.filter(({ on }) => placeOf(on) === 'pairs' && firstLook(on) !== null)
  const checks = result.runs.filter(({ on }) => placeOf(on) === 'checks')
  return html`<ol class="timeline">
<li><h3>Without the change</h3>${runs(before)}${executions(files, isOfBase)}</li>
${result.attempts.map((attempt) => entry(view, attempt))}
${step('Pairs, in fresh work trees', after)}
${step('Other checks', checks)}
</ol>`
}

/** In which part a run is listed; null: it is not listed, or is listed with its attempt. */
function placeOf(on: string): 'base' | 'pairs' | 'checks' | null {
  const step = stepOf(on)
  if (step === null) return 'checks'
  switch (step.is) {
    case 'base':
    case 'base-judges':
    case 'base-tests':
      return 'base'
    case 'red':
    case 'green':
    case 'focused-red':
    case 'focused-green':
    case 'without':
    case 'with':
      return 'pairs'
    case 'attempt':
    case 'change':
    case 'minimise':
    case 'probe-changed':
    case 'probe-product':
    case 'probe-named':
    case 'probe-judges':
      return null
    case 'green-base-judges':
    case 'green-base-data':
    case 'green-named-tests':
    case 'red-change-judges':
    case 'red-change-data':
    case 'also':
    case 'also-base-judges':
    case 'also-base-data':
    case 'added-test':
    case 'added-test-without':
    case 'left-out':
    case 'list-without':
    case 'list-with':
    case 'trial':
    case 'final':
      return 'checks'
  }
}

function isOf(step: RunPurpose | null, n: number): boolean {
  return step?.is === 'change' || (step?.is === 'attempt' && step.n === n)
}

function step(title: string, some: readonly RunSummary[]): Markup {
  return some.length === 0 ? html`` : html`<li><h3>${title}</h3>${runs(some)}</li>`
}

function entry({ result, files }: ProofView, attempt: AttemptSummary): Markup {
  const { n, verdict, reason, proposer, insertions, deletions } = attempt
  const lone = result.kind === 'prove'
  const of = result.runs.filter(({ on }) => isOf(firstLook(on), n))
  const patch = textOf(files, attemptFile(n, 'applied.patch'))
  const refused = attempt.refusals.map(({ message, rule }) => html`denied: ${message} (${rule})`)
  return html`<li><h3>${lone ? 'The change' : `Attempt ${n}, by ${proposer}`} ${badge(verdict, toneOf(verdict))}</h3>
<p>${reason} <span class="faint">+${insertions} -${deletions}</span></p>${bulletList(refused)}${runs(of)}
${patch === '' ? html`` : foldedSection(`Patch of attempt ${n}`, diffBox(`patch of attempt ${n}`, patch))}
${executions(files, (path) => attemptOf(path) === n)}</li>`
}

function runs(some: readonly RunSummary[]): Markup {
  return bulletList(
    some.map((run) => html`${run.on}, ${run.target}, ${duration(run.durationMs)}: ${readingOf(run.reading)}`),
  )
}
