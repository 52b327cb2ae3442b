import type { ProofView } from '../../model/options.ts'
import type { AttemptSummary, RunSummary } from '../../model/session.ts'
import { STATUS_OF_VERDICT } from '../../model/verdict.ts'
import { duration } from '../lines.ts'
import { executions, textOf } from './evidence.ts'
import { html, type Markup } from './markup.ts'
import { badge, diffBox, list, more, readingOf, type Tone } from './pieces.ts'

export function toneOf(verdict: string): Tone {
  const status = (STATUS_OF_VERDICT as Readonly<Record<string, number>>)[verdict]
  return status === 0 ? 'good' : status === 1 ? 'bad' : 'unsure'
}

/** What happened, in its order: the base, each attempt, the pairs, the other checks. */
export function timeline(view: ProofView): Markup {
  const { result, files } = view
  const before = result.runs.filter(({ on }) => on.startsWith('base'))
  const after = result.runs.filter(({ on }) => /^(red|green|without|with) \d+$/.test(on))
  const checks = result.runs.filter(
    ({ on }) => !/^(base|attempt|change|probe|minimise|(red|green|without|with) \d)/.test(on),
  )
  return html`<ol class="timeline">
<li><h3>Without the change</h3>${runs(before)}${executions(files, /^attempts\/0_/)}</li>
${result.attempts.map((attempt) => entry(view, attempt))}
${step('Pairs, in fresh work trees', after)}
${step('Other checks', checks)}
</ol>`
}

function step(title: string, some: readonly RunSummary[]): Markup {
  return some.length === 0 ? html`` : html`<li><h3>${title}</h3>${runs(some)}</li>`
}

function entry({ result, files }: ProofView, attempt: AttemptSummary): Markup {
  const { n, verdict, reason, proposer, insertions, deletions } = attempt
  const lone = result.kind === 'prove'
  const of = result.runs.filter(({ on }) => on === `attempt ${n}` || on === 'change')
  const patch = textOf(files, `attempts/${n}/applied.patch`)
  const refused = attempt.refusals.map(({ message, rule }) => html`denied: ${message} (${rule})`)
  return html`<li><h3>${lone ? 'The change' : `Attempt ${n}, by ${proposer}`} ${badge(verdict, toneOf(verdict))}</h3>
<p>${reason} <span class="faint">+${insertions} -${deletions}</span></p>${list(refused)}${runs(of)}
${patch === '' ? html`` : more(`Patch of attempt ${n}`, diffBox(`patch of attempt ${n}`, patch))}
${executions(files, new RegExp(`^attempts/${n}/`))}</li>`
}

function runs(some: readonly RunSummary[]): Markup {
  return list(some.map((run) => html`${run.on}, ${run.target}, ${duration(run.durationMs)}: ${readingOf(run.reading)}`))
}
