import type { ProofView } from '../model/options.ts'
import { escapeLine } from './escape.ts'
import { atMost, block } from './lines.ts'
import type { Paint } from './paint.ts'
import { claimLine } from './signers.ts'
import { details, next, runLine, verdictLine } from './text.ts'

const MANY = 12

/** The answer of `show`: one proof for a person, every run and the whole patch. */
export function showText(view: ProofView, paint: Paint): string[] {
  const { result } = view
  const runs = result.runs.map((run) => runLine(run, paint))
  return [
    verdictLine(result, paint),
    ...block('session', [`${view.session} (${result.kind})`], paint),
    ...block('commit', view.commit === null ? [] : [view.commit], paint),
    ...block('others', others(view), paint),
    ...block('base', result.base === null ? [] : [result.base], paint),
    ...block('by', [escapeLine(view.author)], paint),
    ...block('when', [escapeLine(`${view.startedAt} to ${view.finishedAt}`)], paint),
    ...block('manifest', [`sha256:${view.manifest.replace(/^sha256:/, '')}`], paint),
    ...block('signed', signed(view), paint),
    ...block('tests', atMost(tests(view), MANY, '--json'), paint),
    ...block('runs', atMost(runs, 60, '--json'), paint),
    ...details(result, paint, Number.POSITIVE_INFINITY),
    ...next(result, paint, true),
  ]
}

/** Whose keys are named, so that nobody takes it for somebody's word: whoever can write the note can write this. */
function signed({ attestations }: ProofView): string[] {
  if (attestations.length === 0) return []
  const count = attestations.length === 1 ? '1 attestation' : `${attestations.length} attestations`
  const claims = attestations.map((claim) => `  ${escapeLine(claimLine(claim))}`)
  return [`${count}, not checked by this command (git pp verify checks them):`, ...atMost(claims, MANY, '--json')]
}

function others({ others: [newest, ...more] }: ProofView): string[] {
  if (newest === undefined) return []
  const count = more.length === 0 ? '1 more proof' : `${more.length + 1} more proofs`
  return [`this commit has ${count}: git pp show ${newest}${more.length === 0 ? '' : ` …`}`]
}

function tests({ changedTests }: ProofView): string[] {
  return changedTests.map(({ id, is }) => `${is}: ${escapeLine(id)}`)
}
