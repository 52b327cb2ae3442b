import type { ProofView } from '../model/options.ts'
import { escapeLine } from './escape.ts'
import { atMost, block } from './lines.ts'
import type { Paint } from './paint.ts'
import { details, next, runLine, verdictLine } from './text.ts'

/** The answer of `show`: one proof for a person, every run and the whole patch. */
export function showText(view: ProofView, paint: Paint): string[] {
  const { result } = view
  const runs = result.runs.map((run) => runLine(run, paint))
  return [
    verdictLine(result, paint),
    ...block('session', [`${view.session} (${result.kind})`], paint),
    ...block('commit', view.commit === null ? [] : [view.commit], paint),
    ...block('base', result.base === null ? [] : [result.base], paint),
    ...block('by', [escapeLine(view.author)], paint),
    ...block('when', [escapeLine(`${view.startedAt} to ${view.finishedAt}`)], paint),
    ...block('manifest', [`sha256:${view.manifest.replace(/^sha256:/, '')}`], paint),
    ...block('runs', atMost(runs, 60, '--json'), paint),
    ...details(result, paint, Number.POSITIVE_INFINITY),
    ...next(result, paint),
  ]
}
