import { queueOf } from '../../core/jobs/index.ts'
import { askAgain, type CollectReports, collect, type JobBatch, jobsByKey, openKeys } from '../../flows/jobs/index.ts'
import { PpError } from '../../model/error.ts'
import type { AskedJob, BatchHead } from '../../model/job.ts'
import type { Caller } from '../../model/options.ts'
import type { PatchVerdict } from '../../model/patch-verdict.ts'
import type { Broker } from '../../ports/broker.ts'
import { batches, jobResults } from '../../state/index.ts'
import { brokerSettings, type OpenRepository, openBroker, withRepository } from '../../wiring/index.ts'
import { collectTools, journalOf } from './open-batch.ts'
import { verdictsOf } from './prove-on.ts'

/** A batch in the list. */
export interface BatchFacts extends Pick<BatchHead, 'id' | 'url' | 'what' | 'at'> {
  readonly jobs: number
  readonly answered: number
}

/** The batches that were asked for from this repository, newest first. */
export function listJobs(caller: Caller): Promise<readonly BatchFacts[]> {
  return withRepository(caller, async ({ state }) => {
    const all = batches(state)
    const found: BatchFacts[] = []
    for (const id of await all.list()) {
      const kept = await all.read(id)
      if (kept === null) continue
      const { url, what, at } = kept.head
      found.push({ id, url, what, at, jobs: jobsByKey(kept).size, answered: kept.answers.size })
    }
    return found
  })
}

export interface WatchedJobs {
  readonly verdicts: readonly PatchVerdict[]
  readonly open: number
}

/** Collects what is missing of a batch. Throws NO_PROOF if there is no such batch. */
export function watchJobs(caller: Caller, id: string, reports: CollectReports): Promise<WatchedJobs> {
  return onBatch(caller, id, async ({ openRepo, batch, broker }) => {
    await collect(await collectTools(caller, openRepo, broker, batch.head), batch, reports, caller.signal)
    return verdictsOf(batch, [])
  })
}

/** No worker takes up what is not answered yet, and who runs it stops. Answers how many jobs that are. */
export function cancelJobs(caller: Caller, id: string): Promise<number> {
  return onBatch(caller, id, async ({ openRepo, batch, broker }) => {
    const results = jobResults(openRepo.state)
    const open = openKeys(batch)
    for (const key of open) {
      const job = jobsByKey(batch).get(key)
      if (job) await broker.board.cancel(addressOf(batch, job))
      // The next call asks anew, and not for what was cancelled.
      await results.answered(key)
    }
    await batches(openRepo.state).remove(batch.head.id)
    return open.length
  })
}

/** Asks again for what was not run, whatever came of it before, and collects. */
export function retryJobs(caller: Caller, id: string, reports: CollectReports): Promise<WatchedJobs> {
  return onBatch(caller, id, async ({ openRepo, batch, broker }) => {
    for (const [key, asked] of jobsByKey(batch)) {
      const answer = batch.answers.get(key)
      if (answer !== undefined && answer.verdict !== 'NOT_RUN') continue
      batch.answers.delete(key)
      await batch.journal.withdrawn(key)
      await askAgain(broker.board, batch, asked)
      // Only the newest asking counts: an older one may still be answered by what it was.
      batch.askings.set(key, new Set([Math.max(...(batch.askings.get(key) ?? []))]))
    }
    await collect(await collectTools(caller, openRepo, broker, batch.head), batch, reports, caller.signal)
    return verdictsOf(batch, [])
  })
}

function addressOf({ head, askings }: JobBatch, { key, job }: AskedJob) {
  const ordinal = Math.max(1, ...(askings.get(key) ?? []))
  return { repository: queueOf(job), asker: head.asker, key, ordinal }
}

interface OpenBatch {
  readonly openRepo: OpenRepository
  readonly batch: JobBatch
  readonly broker: Broker
}

function onBatch<T>(caller: Caller, id: string, use: (open: OpenBatch) => Promise<T>): Promise<T> {
  return withRepository(caller, async (openRepo) => {
    const kept = await batches(openRepo.state).read(id)
    if (kept === null)
      throw new PpError('NO_PROOF', `there is no batch ${id} of this repository; git pp jobs lists them`)
    const { file, ...known } = kept
    const batch = { ...known, journal: journalOf(file, jobResults(openRepo.state)) }
    const broker = await openBroker(caller, batch.head.url, batch.head.asker, await brokerSettings(caller))
    try {
      return await use({ openRepo, batch, broker })
    } finally {
      await broker.close()
    }
  })
}
