import type { AskedJob } from '../../model/job.ts'
import type { PatchVerdict } from '../../model/patch-verdict.ts'
import type { JobBoard } from '../../ports/broker.ts'
import type { Notes } from '../../ports/repository.ts'
import { type answerOf, type JobBatch, linesFor } from './batch.ts'
import type { BelievedResult, ResultTools } from './check-result.ts'

/** What results are collected with. */
export interface CollectTools extends ResultTools {
  readonly board: JobBoard
  readonly notes: Pick<Notes, 'publish'>
  /** Keeps believed results of a key for later batches. */
  readonly keep: (key: string, results: readonly Uint8Array[]) => Promise<void>
  /** Proves a job here; null: this machine cannot decide it. */
  readonly proveHere: (asked: AskedJob) => Promise<string | null>
  /** Takes back a proof that was written. */
  readonly withdraw: (session: string) => Promise<void>
  readonly elapsed: () => number
  readonly pause: (ms: number) => Promise<void>
}

/** What the terminal is told. */
export interface CollectProgress {
  readonly done: number
  readonly open: number
  readonly waiting: number
  readonly claimed: number
  readonly workers: number
  readonly dropped: number
}

export interface CollectReports {
  answered(verdicts: readonly PatchVerdict[]): void
  progress(now: CollectProgress): void
  warn(text: string): void
}

/** What one call of `collect` knows. */
export interface Collecting {
  readonly tools: CollectTools
  readonly batch: JobBatch
  readonly reports: CollectReports
  readonly byKey: ReadonlyMap<string, AskedJob>
  /** Key → believed results of different workers' keys, until there are enough of them. */
  readonly believed: Map<string, BelievedResult[]>
  /** Who signed something wrong; nothing of them is believed any more. */
  readonly suspended: Set<string>
  readonly looked: Map<string, number>
  readonly workers: Set<string>
  /** Signing key → the answers that rest on it. */
  readonly restsOn: Map<string, Set<string>>
  /** Askings that did not stand in the queue when it was looked at last. */
  absent: ReadonlySet<string>
  dropped: number
}

/** Remembers the answer to a job, and which signers it rests on. */
export async function conclude(
  { batch, reports, restsOn }: Collecting,
  key: string,
  answer: ReturnType<typeof answerOf>,
  results: readonly BelievedResult[],
): Promise<void> {
  await batch.journal.answered(key, answer)
  batch.answers.set(key, answer)
  for (const { key: signer } of results) restsOn.set(signer, new Set([...(restsOn.get(signer) ?? []), key]))
  reports.answered(linesFor(batch, key, answer))
}
