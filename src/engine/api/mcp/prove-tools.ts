import type * as z from 'zod'
import { PpError } from '../../model/error.ts'
import { ProveAnswer, ProveQuestion, ProveStatusQuestion } from '../../model/mcp.ts'
import { SCHEMA_VERSION } from '../../model/session.ts'
import { eventLine, sessionText } from '../../report/index.ts'
import { outcomeOf, plain, READS, toText } from './answers.ts'
import type { AskedProve, ProveQueue } from './prove-queue.ts'
import type { Tool, ToolAnswer, ToolRequest } from './tool.ts'

/** The tools that start a prove and wait for it. `withinMs`: after so long a call is answered with what is known by then. */
export function proveTools(proves: ProveQueue<z.output<typeof ProveQuestion>>, withinMs: number): readonly Tool[] {
  const prove: Tool<typeof ProveQuestion, typeof ProveAnswer> = {
    name: 'prove',
    title: 'Prove a change',
    description:
      'Runs the targets of the repository without the change and with it, in fresh worktrees in a sandbox, and says whether it is proved: red without it, green with it, by the same tests, with the tests left alone. Your files and branches stay as they are; the record is kept in git notes. It may take longer than one call: then the state is running, and prove_status tells more.',
    question: ProveQuestion,
    answer: ProveAnswer,
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
    call(question, request) {
      const proving = proves.add(question)
      if (proving !== null) return answerOf(proving, request, withinMs)
      throw new PpError('NOT_ALLOWED', 'one prove is running and two are waiting; ask again when one of them has ended')
    },
  }
  const status: Tool<typeof ProveStatusQuestion, typeof ProveAnswer> = {
    name: 'prove_status',
    title: 'Ask for a running prove',
    description: 'Waits for a prove that was started before, and says how far it is or what it came to.',
    question: ProveStatusQuestion,
    answer: ProveAnswer,
    annotations: READS,
    call({ id }, request) {
      const proving = proves.find(id)
      if (proving !== null) return answerOf(proving, request, withinMs)
      throw new PpError('NO_PROOF', 'this server knows no prove with that id; log lists the proofs of the repository')
    },
  }
  return [prove, status]
}

/** Waits for the end, but not longer than `withinMs`. A cancelled request ends what it waits for. */
async function answerOf(
  proving: AskedProve,
  { cancelled, tell }: ToolRequest,
  withinMs: number,
): Promise<ToolAnswer<typeof ProveAnswer>> {
  const silence = proving.listen((event) => tell(eventLine(event)))
  const stop = () => proving.stop(new PpError('INTERRUPTED', 'the client cancelled it'))
  cancelled.addEventListener('abort', stop)
  if (cancelled.aborted) stop()
  try {
    await withLimit(proving.ended, withinMs)
  } finally {
    silence()
    cancelled.removeEventListener('abort', stop)
  }
  const state = proving.state()
  const head = { schemaVersion: SCHEMA_VERSION, id: proving.id } as const
  const later = (state: 'waiting' | 'running', reason: string) => ({
    text: `${state}: ${reason}; ask prove_status with the id ${proving.id}`,
    structured: { ...head, state, reason, outcome: null },
  })
  switch (state.is) {
    case 'failed':
      throw state.error
    case 'waiting':
      return later('waiting', `${state.ahead} before it`)
    case 'running':
      return later('running', (state.last && eventLine(state.last)) || 'it has begun')
    case 'done': {
      const { result } = state
      const outcome = outcomeOf(result, result.final, result.attestation != null)
      const text = toText(sessionText(result, plain, 0))
      return { text, structured: { ...head, state: 'done', reason: result.reason, outcome } }
    }
  }
}

async function withLimit(ended: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const up = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([ended, up]).finally(() => clearTimeout(timer))
}
