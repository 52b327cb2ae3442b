import { PpError } from '../../model/error.ts'
import type { WorkerEvent } from '../../model/worker.ts'
import { type ClaimEnd, doJob, type WorkerTools } from './do-job.ts'

/** What a worker is started with. */
export interface WorkerTerms {
  /** The tokens of the repositories that it serves. */
  readonly repositories: readonly string[]
  readonly slots: number
  /** Fires: no new job is taken. */
  readonly drain: AbortSignal
  /** Fires: the jobs under way are given back. */
  readonly stop: AbortSignal
}

const WAIT_MS = 2000
const BROKEN_MS = 1000

/** Takes jobs until it is drained; each slot does one job at a time. */
export async function work(
  tools: WorkerTools,
  terms: WorkerTerms,
  tell: (event: WorkerEvent) => void,
): Promise<Readonly<Record<ClaimEnd, number>>> {
  const ends = { answered: 0, refused: 0, 'given back': 0, cancelled: 0 }
  const slot = async () => {
    while (!terms.drain.aborted && !terms.stop.aborted) {
      const end = await one(tools, terms, tell)
      if (end !== null) ends[end] += 1
    }
  }
  await Promise.all(Array.from({ length: terms.slots }, slot))
  return ends
}

/** One job; null: there was none. A broker that is away is waited for. */
async function one(
  tools: WorkerTools,
  { repositories, drain, stop }: WorkerTerms,
  tell: (event: WorkerEvent) => void,
): Promise<ClaimEnd | null> {
  let held = false
  try {
    const claimed = await tools.queue.next(repositories, WAIT_MS)
    if (claimed === null) return null
    if (drain.aborted) {
      await claimed.giveBack(0)
      return 'given back'
    }
    const { asker, key } = claimed.address
    tell({ is: 'began', asker, key, again: claimed.deliveries > 1 })
    held = true
    const end = await doJob(tools, claimed, stop)
    tell({ is: 'ended', asker, key, end })
    return end
  } catch (error) {
    const isKnown = error instanceof PpError
    tell({ is: 'fault', what: error instanceof Error ? error.message : String(error), held })
    if (!isKnown) throw error
    if (!stop.aborted) await tools.pause(BROKEN_MS)
    return null
  }
}
