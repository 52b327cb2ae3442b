import { utf8Bytes } from '../../core/bytes/index.ts'
import { type Deaths, deathsIn, encodeResult, endsWorkers, readJob, resultMessage } from '../../core/jobs/index.ts'
import { PpError } from '../../model/error.ts'
import type { Job, JobAddress, JobResult, ToldRun } from '../../model/job.ts'
import { JOB_VERSION } from '../../model/job.ts'
import type { ClaimedJob, JobQueue } from '../../ports/broker.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Signer } from '../../ports/signer.ts'

/** What became of a job in a session: all of a result but whose it is. */
export type JobOutcome = Omit<JobResult, 'v' | 'key' | 'asker' | 'ordinal' | 'worker' | 'seconds'>

/** What a worker does its jobs with. */
export interface WorkerTools {
  readonly queue: JobQueue
  readonly name: string
  readonly signer: Signer
  readonly clock: Clock
  /** A new id of a run. */
  readonly runId: () => string
  /** Proves what a job asks for; every refusal is an outcome. Throws INTERRUPTED if `signal` fired. */
  readonly prove: (job: Job, asker: string, signal: AbortSignal) => Promise<JobOutcome>
  /** Ends sooner if `until` fires. */
  readonly pause: (ms: number, until?: AbortSignal) => Promise<void>
}

/** What became of a claim. */
export type ClaimEnd = 'answered' | 'refused' | 'given back' | 'cancelled'

/** In ms: how soon somebody else may take a job that this worker may not do. */
const APART_MS = 1000
const DEADLY_MS = 10_000
/** This worker leaves a job to others after it ended here so often. */
const MOST_OWN_DEATHS = 2
/** After so many times that a job was left to others, nobody else is thought to be there. */
const MOST_LEFT = 60
const MOST_FAILURES = 4
const CANCEL_MS = 5000

/**
 * Does one claimed job: refuses what it may not do, proves the rest, and answers. The result is stored before the job leaves the
 * queue, so a worker that ends in between loses nothing. `stop`: the job is given back.
 */
export async function doJob(tools: WorkerTools, claimed: ClaimedJob, stop: AbortSignal): Promise<ClaimEnd> {
  const { queue, name } = tools
  const { address } = claimed
  if (await queue.isCancelled(address)) return cancelled(claimed)
  const job = readJob(claimed.bytes, address)
  const run = tools.runId()
  if (typeof job === 'string') return answer(tools, claimed, run, refusal(job))
  const told = claimed.deliveries > 1 || job.apart.length > 0 ? await queue.told(address) : []
  const others = job.apart.filter((ordinal) => ordinal !== address.ordinal)
  if (others.some((ordinal) => hadIt(told, ordinal, name))) return giveBack(claimed, APART_MS)
  const deaths = deathsIn(told, address.ordinal, run)
  if (endsWorkers(deaths)) {
    const ended = `it ended ${deaths.count} workers (${deaths.workers.join(', ')}), so it is not tried again`
    return answer(tools, claimed, run, { ...refusal(ended), mend: 'git pp jobs --retry tries it once more' })
  }
  const own = deathsIn(
    told.filter(({ worker }) => worker === name),
    address.ordinal,
    run,
  )
  if (own.count >= MOST_OWN_DEATHS) return leaveToOthers(tools, claimed, run, { told, deaths })
  const failures = told.filter(({ ordinal, is }) => ordinal === address.ordinal && is === 'failed').length
  await queue.tell(address, { run, is: 'began' })
  const left = await timeLeft(tools, claimed, job, run)
  if (left !== null && left <= 0)
    return answer(tools, claimed, run, refusal(`nobody began it within its deadline of ${job.deadline} s`))
  const timeout = left === null ? job.timeout : Math.min(job.timeout ?? left, left)
  return proveAndAnswer(tools, { claimed, job: { ...job, timeout }, run, failures }, stop)
}

/** A job that ended this worker twice. If nobody else takes it up for long, somebody has to say so. */
function leaveToOthers(
  tools: WorkerTools,
  claimed: ClaimedJob,
  run: string,
  { told, deaths }: { readonly told: readonly ToldRun[]; readonly deaths: Deaths },
): Promise<ClaimEnd> {
  const begun = told.filter(({ ordinal, is }) => ordinal === claimed.address.ordinal && is === 'began').length
  if (claimed.deliveries - begun < MOST_LEFT) return giveBack(claimed, DEADLY_MS)
  const minutes = Math.round((MOST_LEFT * DEADLY_MS) / 60_000)
  const alone = `it ended ${deaths.count} workers (${deaths.workers.join(', ')}), and for ${minutes} minutes no other worker took it up`
  return answer(tools, claimed, run, { ...refusal(alone), mend: 'git pp jobs --retry tries it once more' })
}

/** In seconds, whole ones and rounded up; by the clock of the broker alone, which dates the job and what is told about it. */
async function timeLeft(
  { queue }: WorkerTools,
  claimed: ClaimedJob,
  { deadline }: Job,
  run: string,
): Promise<number | null> {
  if (deadline === null) return null
  const began = (await queue.told(claimed.address)).find((one) => one.run === run && one.is === 'began')
  return began === undefined ? deadline : Math.ceil(deadline - (began.at - claimed.queuedAt) / 1000)
}

/** A job that this worker has begun. `failures`: how often a worker could not run it before. */
interface BegunJob {
  readonly claimed: ClaimedJob
  readonly job: Job
  readonly run: string
  readonly failures: number
}

/** A fault of this machine is no result: the job goes to others, until so many machines failed that it may be the job's. */
async function proveAndAnswer(tools: WorkerTools, begun: BegunJob, stop: AbortSignal): Promise<ClaimEnd> {
  const { queue, clock } = tools
  const { claimed, job, run } = begun
  const { address } = claimed
  const over = (is: 'ended' | 'given back' | 'failed') => () => queue.tell(address, { run, is })
  const watch = watchCancel(tools, claimed)
  const began = clock.elapsed()
  try {
    const outcome = await tools.prove(job, address.asker, AbortSignal.any([stop, watch.cancelled]))
    if (watch.cancelled.aborted) return await cancelled(claimed, over('ended'))
    if (stop.aborted) return await giveBack(claimed, 0, over('given back'))
    return await answer(tools, claimed, run, outcome, Math.round(clock.elapsed() - began) / 1000)
  } catch (error) {
    if (watch.cancelled.aborted) return await cancelled(claimed, over('ended'))
    if (stop.aborted) return await giveBack(claimed, 0, over('given back'))
    const why = error instanceof Error ? error.message : String(error)
    const last = begun.failures + 1 >= MOST_FAILURES
    if (last) await answer(tools, claimed, run, refusal(`${MOST_FAILURES} times a worker could not run it: ${why}`))
    else await giveBack(claimed, DEADLY_MS, over('failed'))
    throw error
  } finally {
    watch.end()
  }
}

/** Looks from time to time whether the asker wants it no more. */
function watchCancel({ queue, pause }: WorkerTools, { address }: ClaimedJob) {
  const [cancel, over] = [new AbortController(), new AbortController()]
  const look = async () => {
    for (;;) {
      await pause(CANCEL_MS, over.signal)
      if (over.signal.aborted) return
      if (await queue.isCancelled(address).catch(() => false)) return cancel.abort()
    }
  }
  void look()
  return { cancelled: cancel.signal, end: () => over.abort() }
}

function hadIt(told: readonly ToldRun[], ordinal: number, name: string): boolean {
  const own = told.filter((one) => one.ordinal === ordinal && one.worker === name)
  const back = new Set(own.filter(({ is }) => is === 'given back').map(({ run }) => run))
  return own.some(({ is, run }) => is === 'began' && !back.has(run))
}

async function cancelled(claimed: ClaimedJob, before: () => Promise<void> = async () => {}): Promise<ClaimEnd> {
  await before().catch(() => {})
  await claimed.done()
  return 'cancelled'
}

async function giveBack(
  claimed: ClaimedJob,
  afterMs: number,
  before: () => Promise<void> = async () => {},
): Promise<ClaimEnd> {
  // Whether or not it can be told: the job itself has to go back.
  await before().catch(() => {})
  await claimed.giveBack(afterMs)
  return 'given back'
}

/** What is said of a job that was not run. */
export function refusal(reason: string): JobOutcome {
  const nothing = { session: null, base: null, commit: null, final: false, made: null, lines: null }
  return { verdict: 'NOT_RUN', reason, mend: null, ...nothing }
}

/** Stores the result, however long the broker is away, and only then takes the job off the queue. */
async function answer(
  tools: WorkerTools,
  claimed: ClaimedJob,
  run: string,
  outcome: JobOutcome,
  seconds = 0,
): Promise<ClaimEnd> {
  const { queue, pause } = tools
  const { address } = claimed
  const bytes = await signed(tools, address, outcome, seconds)
  for (let isStored = false; !isStored; ) {
    try {
      await queue.answer(address, run, bytes)
      isStored = true
    } catch (error) {
      if (!(error instanceof PpError)) throw error
      await pause(APART_MS)
    }
  }
  await queue.tell(address, { run, is: 'ended' }).catch(() => {})
  // If the broker does not hear it, the job comes back, and its second result is not counted.
  await claimed.done().catch(() => {})
  return outcome.session === null ? 'refused' : 'answered'
}

async function signed(
  { name, signer }: WorkerTools,
  { key, asker, ordinal }: JobAddress,
  outcome: JobOutcome,
  seconds: number,
): Promise<Uint8Array> {
  const result: JobResult = { v: JOB_VERSION, key, asker, ordinal, worker: name, ...outcome, seconds }
  return utf8Bytes(encodeResult(result, await signer.sign(resultMessage(result))))
}
