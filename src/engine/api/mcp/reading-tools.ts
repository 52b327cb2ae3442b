import { PpError } from '../../model/error.ts'
import {
  LogAnswer,
  LogQuestion,
  PATCH_SHOWN,
  ShowAnswer,
  ShowQuestion,
  VerifyAnswer,
  VerifyQuestion,
} from '../../model/mcp.ts'
import type { LogEntry, ProofView } from '../../model/proof-view.ts'
import { SCHEMA_VERSION } from '../../model/session.ts'
import { worstStatus } from '../../model/verdict.ts'
import { statusOfVerification, type Verification } from '../../model/verification.ts'
import { logText, showText, verificationsText } from '../../report/index.ts'
import { outcomeOf, plain, READS, toText } from './answers.ts'
import type { Tool, ToolRequest } from './tool.ts'

/** The engine as the tools that only read use it; each call stops when its signal is aborted. */
export interface ProofQuestions {
  verify(proofs: readonly string[], stop: AbortSignal): Promise<readonly Verification[]>
  show(proof: string | null, stop: AbortSignal): Promise<ProofView>
  log(limit: number, stop: AbortSignal): Promise<readonly LogEntry[]>
}

/** The tools that start no program of the repository. `withinMs`: after so long they give up. */
export function readingTools(engine: ProofQuestions, withinMs: number): readonly Tool[] {
  const within = <T>(request: ToolRequest, work: (stop: AbortSignal) => Promise<T>) => answered(request, withinMs, work)
  const verify: Tool<typeof VerifyQuestion, typeof VerifyAnswer> = {
    name: 'verify',
    title: 'Verify proofs',
    description:
      'Checks proofs without running anything and without fetching: that nothing of them was changed, that they belong to the commit, that the runs suffice, and that somebody signed whom the user trusts.',
    question: VerifyQuestion,
    answer: VerifyAnswer,
    annotations: READS,
    async call({ proofs }, request) {
      const results = await within(request, (stop) => engine.verify(proofs ?? [], stop))
      const status = worstStatus(results.map(statusOfVerification))
      const decisive = results.find((one) => statusOfVerification(one) === status)
      const { verdict, reason } = decisive ?? {
        verdict: 'OK',
        reason: 'the range contains no commit that has to be proved',
      }
      const structured = { schemaVersion: SCHEMA_VERSION, verdict, reason, results } as const
      return { text: decisive ? toText(verificationsText(results, plain)) : reason, structured }
    },
  }
  const show: Tool<typeof ShowQuestion, typeof ShowAnswer> = {
    name: 'show',
    title: 'Show a proof',
    description:
      'Shows what was run for a proof, what was red and what is green now, its patch, and what it does not show.',
    question: ShowQuestion,
    answer: ShowAnswer,
    annotations: READS,
    async call({ proof }, request) {
      const view = await within(request, (stop) => engine.show(proof ?? null, stop))
      const { result, commit, author, startedAt, finishedAt, attestations } = view
      const patch = result.patch?.slice(0, PATCH_SHOWN) ?? null
      const outcome = outcomeOf(result, commit, attestations.length > 0)
      return {
        text: toText(showText({ ...view, result: { ...result, patch } }, plain)),
        structured: {
          schemaVersion: SCHEMA_VERSION,
          ...outcome,
          base: result.base,
          author,
          startedAt,
          finishedAt,
          patch,
        },
      }
    },
  }
  const log: Tool<typeof LogQuestion, typeof LogAnswer> = {
    name: 'log',
    title: 'List proofs',
    description: 'Lists the proofs of this repository, the newest first.',
    question: LogQuestion,
    answer: LogAnswer,
    annotations: READS,
    async call({ limit }, request) {
      const proofs = await within(request, (stop) => engine.log(limit, stop))
      const reason = proofs.length === 1 ? '1 proof' : `${proofs.length} proofs`
      const structured = { schemaVersion: SCHEMA_VERSION, verdict: 'OK', reason, proofs } as const
      return { text: proofs.length === 0 ? 'there are no proofs here' : toText(logText(proofs, plain)), structured }
    },
  }
  return [verify, show, log]
}

/** Ends the work if the request is cancelled or the time is up. */
async function answered<T>(
  { cancelled }: ToolRequest,
  withinMs: number,
  work: (stop: AbortSignal) => Promise<T>,
): Promise<T> {
  const stopping = new AbortController()
  const stop = () => stopping.abort(new PpError('INTERRUPTED', 'the client cancelled it'))
  cancelled.addEventListener('abort', stop)
  const late = new PpError('INTERRUPTED', `there is no answer after ${withinMs / 1000} s; ask about fewer commits`)
  const timer = setTimeout(() => stopping.abort(late), withinMs)
  const ended = new Promise<never>((_, reject) => {
    stopping.signal.addEventListener('abort', () => reject(stopping.signal.reason))
  })
  try {
    return await Promise.race([work(stopping.signal), ended])
  } finally {
    clearTimeout(timer)
    cancelled.removeEventListener('abort', stop)
  }
}
