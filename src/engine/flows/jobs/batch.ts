import type { AskedJob, BatchHead } from '../../model/job.ts'
import type { PatchVerdict } from '../../model/patch-verdict.ts'
import type { BelievedResult } from './check-result.ts'

/** What one job of a batch came to; the same for all lines that ask for it. */
export type JobAnswer = Omit<PatchVerdict, 'id' | 'line'>

/** Where a batch is written down, so that another call can go on with it. */
export interface BatchJournal {
  asked(key: string, ordinal: number): Promise<void>
  answered(key: string, answer: JobAnswer): Promise<void>
  withdrawn(key: string): Promise<void>
}

/** A batch and how far it is. */
export interface JobBatch {
  readonly head: BatchHead
  readonly jobs: readonly AskedJob[]
  /** Key → the ordinals of its askings. */
  readonly askings: Map<string, Set<number>>
  readonly answers: Map<string, JobAnswer>
  readonly journal: BatchJournal
}

/** The first job of each key. */
export function jobsByKey({ jobs }: Pick<JobBatch, 'jobs'>): ReadonlyMap<string, AskedJob> {
  return new Map([...jobs].reverse().map((one) => [one.key, one]))
}

/** Keys without an answer. */
export function openKeys(batch: JobBatch): readonly string[] {
  return [...jobsByKey(batch).keys()].filter((key) => !batch.answers.has(key))
}

/** The answers for the lines of a batch that ask for a key. */
export function linesFor({ jobs }: Pick<JobBatch, 'jobs'>, key: string, answer: JobAnswer): readonly PatchVerdict[] {
  return jobs.filter((one) => one.key === key).map(({ id, line }) => ({ id, line, ...answer }))
}

/** What believed results of different workers come to. `differ`: where two of them disagree. */
export function answerOf(results: readonly BelievedResult[], differ: string | null): JobAnswer {
  const [first] = results
  const workers = results.map(({ result }) => result.worker)
  const seconds = Math.max(0, ...results.map(({ result }) => result.seconds))
  if (first === undefined) return notAnswered('no result')
  const { verdict, reason, mend, session, base, commit, final } = first.result
  const of = { session, base, final: final ? commit : null, known: false, seconds, workers }
  if (differ === null) return { verdict, reason, mend, ...of }
  const why = `${workers.join(' and ')} disagree about ${differ}`
  return {
    verdict: 'INCONCLUSIVE',
    reason: why,
    mend: 'git pp prove here shows which one is right',
    ...of,
    final: null,
  }
}

export function notAnswered(reason: string): JobAnswer {
  const nothing = { session: null, base: null, final: null, known: false, seconds: 0, workers: [] }
  return { verdict: 'NOT_RUN', reason, mend: 'git pp jobs --retry asks again', ...nothing }
}
