import type { EditCandidate } from '../../core/search/index.ts'
import type { ProposerAnswer } from '../../model/proposal.ts'
import type { ProposalRequest } from '../../ports/proposer.ts'
import { keyOf } from './search-files.ts'

/** What a search may still use, and which limit ended it. */
export interface CandidateBudget {
  /** In ms, without what is kept. */
  left(): number
  /** Keeps this part of the whole time, 0 to 1, for what comes later. */
  keep(part: number): void
  /** The candidates that `wanted` says yes to, each once, until a limit is reached. */
  take(candidates: Iterable<EditCandidate>, wanted: (key: string) => boolean): Iterable<EditCandidate>
  /** Why it stopped. */
  end(): { readonly reason: string; readonly stopped?: Extract<ProposerAnswer, { how: 'nothing' }>['stopped'] }
}

/** Counts from now on; `spentMs`: what earlier requests of the session used of the time for searching. */
export function candidateBudget(request: ProposalRequest, spentMs = 0): CandidateBudget {
  const searchMs = Math.max(0, request.budget.searchMs - spentMs)
  const ms = Math.min(request.budget.ms, searchMs)
  const clock = request.budget.ms < searchMs ? 'session time' : 'search time'
  const until = performance.now() + ms
  const seen = new Set<string>()
  let end: ReturnType<CandidateBudget['end']> = { reason: 'the search knows nothing else to try here' }
  let kept = 0
  const left = () => until - kept - performance.now()
  return {
    left,
    keep(part) {
      kept = part * ms
    },
    *take(candidates, wanted) {
      for (const candidate of candidates) {
        request.signal.throwIfAborted()
        if (left() <= 0) {
          end = {
            reason: `the time limit of ${Math.round(Math.min(request.budget.ms, request.budget.searchMs) / 1000)} s was reached`,
            stopped: clock,
          }
          return
        }
        const key = keyOf(candidate)
        if (!wanted(key)) continue
        if (!seen.has(key) && seen.size >= request.budget.candidates) {
          end = { reason: 'max_candidates was reached', stopped: 'candidates' }
          return
        }
        seen.add(key)
        yield candidate
      }
    },
    end: () => end,
  }
}
