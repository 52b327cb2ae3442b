import { encodeJob, queueOf } from '../../core/jobs/index.ts'
import type { AskedJob } from '../../model/job.ts'
import type { JobBoard } from '../../ports/broker.ts'
import type { JobBatch } from './batch.ts'

/** Askings are told apart by at most so many others. */
const MOST_APART = 16

/** Asks for a job under these ordinals; where several workers have to agree, each asking is for another one. */
export async function askFor(
  board: JobBoard,
  { head, askings, journal }: JobBatch,
  { key, job }: AskedJob,
  ordinals: readonly number[],
): Promise<void> {
  const all = new Set([...(askings.get(key) ?? []), ...ordinals])
  askings.set(key, all)
  const apart = head.confirm > 1 ? [...all].slice(-MOST_APART) : []
  for (const ordinal of ordinals) {
    // Written down first: an asking that nobody remembers would be answered to nobody.
    await journal.asked(key, ordinal)
    const address = { repository: queueOf(job), asker: head.asker, key, ordinal }
    await board.ask(address, encodeJob({ ...job, apart }))
  }
}

/** Asks for a job once more. */
export function askAgain(board: JobBoard, batch: JobBatch, asked: AskedJob): Promise<void> {
  return askFor(board, batch, asked, [Math.max(0, ...(batch.askings.get(asked.key) ?? [])) + 1])
}
