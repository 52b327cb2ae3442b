import type { ProofView } from '../model/proof-view.ts'
import { escapeLine } from './escape.ts'
import { claimLine } from './signers.ts'
import type { TerminalStyles } from './terminal-styles.ts'
import { nextSteps, resultDetails, runLine, verdictLine } from './text.ts'
import { firstLines, labelledBlock } from './text-lines.ts'

const MANY = 12

/** The answer of `show`: one proof for a person, every run and the whole patch. */
export function showText(view: ProofView, paint: TerminalStyles): string[] {
  const { result } = view
  const runs = result.runs.map((run) => runLine(run, paint))
  return [
    verdictLine(result, paint),
    ...labelledBlock('session', [`${view.session} (${result.kind})`], paint),
    ...labelledBlock('commit', view.commit === null ? [] : [view.commit], paint),
    ...labelledBlock('others', others(view), paint),
    ...labelledBlock('base', result.base === null ? [] : [result.base], paint),
    ...labelledBlock('by', [escapeLine(view.author)], paint),
    ...labelledBlock('when', [escapeLine(`${view.startedAt} to ${view.finishedAt}`)], paint),
    ...labelledBlock('manifest', [`sha256:${view.manifest.replace(/^sha256:/, '')}`], paint),
    ...labelledBlock('signed', signed(view), paint),
    ...labelledBlock('tests', firstLines(tests(view), MANY, '--json'), paint),
    ...labelledBlock('runs', firstLines(runs, 60, '--json'), paint),
    ...resultDetails(result, paint, Number.POSITIVE_INFINITY),
    ...nextSteps(result, paint, true),
  ]
}

/**
 * Which keys the attestations name. The text says that these are only claims, because everybody who can write the note can
 * write them.
 */
function signed({ attestations }: ProofView): string[] {
  if (attestations.length === 0) return []
  const count = attestations.length === 1 ? '1 attestation' : `${attestations.length} attestations`
  const claims = attestations.map((claim) => `  ${escapeLine(claimLine(claim))}`)
  return [`${count}, not checked by this command (git pp verify checks them):`, ...firstLines(claims, MANY, '--json')]
}

function others({ others: [newest, ...more] }: ProofView): string[] {
  if (newest === undefined) return []
  const count = more.length === 0 ? '1 more proof' : `${more.length + 1} more proofs`
  return [`this commit has ${count}: git pp show ${newest}${more.length === 0 ? '' : ` …`}`]
}

function tests({ changedTests }: ProofView): string[] {
  return changedTests.map(({ id, is }) => `${is}: ${escapeLine(id)}`)
}
