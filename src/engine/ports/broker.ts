import type { BrokerName, JobAddress, JobRun, ObjectInParts, ToldRun } from '../model/job.ts'

/** A job that this worker has claimed. The claim is renewed until one of its methods was called. */
export interface ClaimedJob {
  readonly address: JobAddress
  readonly bytes: Uint8Array
  /** How often it was handed to a worker, from 1. */
  readonly deliveries: number
  /** In ms: when it was put into the queue, by the clock of the broker. */
  readonly queuedAt: number
  /** Takes it off the queue; the result has to be stored before. */
  done(): Promise<void>
  /** Puts it back into the queue; somebody gets it after so many ms. */
  giveBack(afterMs: number): Promise<void>
}

/** Where a worker gets jobs, and where it answers. All methods throw BROKER_FAILED if the broker does not answer in time. */
export interface JobQueue {
  /** The next job of these repositories (tokens); null: there was none within about `waitMs`. */
  next(repositories: readonly string[], waitMs: number): Promise<ClaimedJob | null>
  tell(address: JobAddress, run: JobRun): Promise<void>
  /** What workers told about the askings of a job, oldest first. */
  told(address: JobAddress): Promise<readonly ToldRun[]>
  /** Stores a result; when it returns, the broker has it on disk. `run`: the same run may answer twice. */
  answer(address: JobAddress, run: string, bytes: Uint8Array): Promise<void>
  isCancelled(address: JobAddress): Promise<boolean>
  /** What an asker stored; null: it is not there (any more), or not what its digest says. */
  load(asker: BrokerName, object: ObjectInParts): Promise<Uint8Array | null>
}

/** A result as the broker stores it; nothing in it is checked. */
export interface StoredResult {
  readonly sequence: number
  readonly key: string
  /** Who published it, as the broker let them. */
  readonly worker: BrokerName
  readonly bytes: Uint8Array
}

/** How many jobs of a repository wait, and how many workers have. */
export interface QueueDepth {
  readonly waiting: number
  readonly claimed: number
}

/** Where the asking side puts jobs, and where it finds results. */
export interface JobBoard {
  /** `known`: the broker had the same message before, perhaps from a try that it did not answer, and dropped this one. */
  ask(address: JobAddress, bytes: Uint8Array): Promise<'queued' | 'known'>
  /** The sequence of the newest result; what is asked from now on is answered behind it. */
  newest(): Promise<number>
  /** Up to `most` results for this asker behind `after`, in the order of their arrival; waits about `waitMs` for the first one. */
  results(asker: BrokerName, after: number, most: number, waitMs: number): Promise<readonly StoredResult[]>
  /** Workers take up no asking of it up to this ordinal. */
  cancel(address: JobAddress): Promise<void>
  depth(repository: string): Promise<QueueDepth>
  /** Stores bytes for workers to read; the same bytes are the same object. */
  store(asker: BrokerName, bytes: Uint8Array): Promise<ObjectInParts>
  /** Whether it is there. */
  has(asker: BrokerName, object: ObjectInParts): Promise<boolean>
  /** The askings of this asker that are not done yet, as `<key>.<ordinal>`. */
  standing(repository: string, asker: BrokerName): Promise<ReadonlySet<string>>
}

/** What somebody may see of a broker before anything is asked. */
export interface BrokerFacts {
  readonly version: string
  /** In bytes. */
  readonly maxPayload: number
  readonly jetstream: boolean
  readonly tls: boolean
  /** In ms: how far the clock of the broker is from ours; null: not known. */
  readonly clockDifference: number | null
  /** What is wrong with a stream, one sentence each. */
  readonly problems: readonly string[]
}

export interface Broker {
  readonly queue: JobQueue
  readonly board: JobBoard
  /** Makes the streams, and the queues of these repositories (tokens), where they are absent and we may. Throws BROKER_FAILED. */
  prepare(repositories: readonly string[]): Promise<void>
  facts(): Promise<BrokerFacts>
  close(): Promise<void>
}
