import { outcomesDiffer, repositoryToken } from '../../core/jobs/index.ts'
import { PpError } from '../../model/error.ts'
import type { AskedJob } from '../../model/job.ts'
import { DECIDED_VERDICTS, type PatchVerdict } from '../../model/patch-verdict.ts'
import type { JobBoard, StoredResult } from '../../ports/broker.ts'
import type { Notes } from '../../ports/repository.ts'
import { askAgain } from './ask.ts'
import { answerOf, type JobBatch, jobsByKey, linesFor, notAnswered, openKeys } from './batch.ts'
import { type BelievedResult, checkResult, type ResultTools } from './check-result.ts'

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

const AT_ONCE = 100
const WAIT_MS = 1000
const BROKEN_MS = 1000
/** In ms without a result: then it is looked whether the askings still stand in the queue. */
const QUIET_MS = 5000
/** A key is asked for so often, and so many results of it are looked at. */
const MOST_ASKINGS = 6
const MOST_RESULTS = 24

/** What one call of `collect` knows. */
interface Collecting {
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

/** Collects the results of a batch until each job has an answer, or `stop` fires. Written in batches, by this process alone. */
export async function collect(
  tools: CollectTools,
  batch: JobBatch,
  reports: CollectReports,
  stop: AbortSignal,
): Promise<void> {
  const it: Collecting = {
    ...{ tools, batch, reports, byKey: jobsByKey(batch), believed: new Map(), suspended: new Set() },
    ...{ looked: new Map(), workers: new Set(), restsOn: new Map(), absent: new Set(), dropped: 0 },
  }
  let after = batch.head.after
  let heard = tools.elapsed()
  while (openKeys(batch).length > 0 && !stop.aborted) {
    try {
      const results = await tools.board.results(batch.head.asker, after, AT_ONCE, WAIT_MS)
      after = results.at(-1)?.sequence ?? after
      if (results.length > 0) heard = tools.elapsed()
      await take(it, results)
      if (tools.elapsed() - heard > QUIET_MS) {
        await askAgainForLost(it)
        heard = tools.elapsed()
      }
      await tellProgress(it)
    } catch (error) {
      if (!(error instanceof PpError) || error.code !== 'BROKER_FAILED') throw error
      reports.warn(`${error.message}; trying again`)
      await tools.pause(BROKEN_MS)
    }
  }
}

async function tellProgress({ tools, batch, reports, workers, dropped }: Collecting): Promise<void> {
  const open = openKeys(batch).length
  const [first] = batch.jobs
  if (first === undefined) return
  const { waiting, claimed } = await tools.board.depth(repositoryToken(first.job.repository))
  reports.progress({ done: batch.answers.size, open, waiting, claimed, workers: workers.size, dropped })
}

/** Checks what has come, and writes what is complete in one go. */
async function take(it: Collecting, results: readonly StoredResult[]): Promise<void> {
  for (const stored of results) {
    const asked = it.byKey.get(stored.key)
    if (asked === undefined || it.batch.answers.has(stored.key)) continue
    const looked = (it.looked.get(stored.key) ?? 0) + 1
    it.looked.set(stored.key, looked)
    if (looked <= MOST_RESULTS) await takeOne(it, stored, asked)
  }
  const complete = [...it.believed].filter(([, all]) => all.length >= it.batch.head.confirm)
  for (const [key, all] of complete) await recheck(it, key, all)
  await write(
    it,
    complete.filter(([key]) => it.believed.has(key)),
  )
}

async function takeOne(it: Collecting, stored: StoredResult, asked: AskedJob): Promise<void> {
  const { tools, batch, reports } = it
  const terms = { asker: batch.head.asker, ordinals: batch.askings.get(stored.key) ?? new Set<number>() }
  const found = await checkResult(tools, stored, asked, terms)
  if (found.is === 'dropped') {
    it.dropped += 1
    return
  }
  if (found.is === 'wrong') {
    reports.warn(`${found.worker} signed a wrong result, and nothing of its key is believed any more: ${found.why}`)
    await suspend(it, found.key)
    return askOnceMore(it, stored.key)
  }
  const { believed } = found
  if (it.suspended.has(believed.key)) {
    it.dropped += 1
    return askOnceMore(it, stored.key)
  }
  it.workers.add(believed.result.worker)
  const all = it.believed.get(stored.key) ?? []
  // A second result by the same key does not count.
  if (!all.some(({ key }) => key === believed.key)) it.believed.set(stored.key, [...all, believed])
}

/** Nothing that a key has signed counts any more: what rests on it is taken back, and asked for again. */
async function suspend(it: Collecting, key: string): Promise<void> {
  const { batch, tools } = it
  it.suspended.add(key)
  const undone = new Set(it.restsOn.get(key))
  it.restsOn.delete(key)
  for (const [of, all] of it.believed) {
    const others = all.filter((one) => one.key !== key)
    if (others.length === all.length) continue
    if (others.length === 0) it.believed.delete(of)
    else it.believed.set(of, others)
    undone.add(of)
  }
  for (const of of undone) {
    const session = batch.answers.get(of)?.session ?? null
    if (batch.answers.delete(of)) await batch.journal.withdrawn(of)
    if (session !== null) await tools.withdraw(session)
    await tools.keep(of, [])
    await askOnceMore(it, of)
  }
}

async function askOnceMore(it: Collecting, key: string): Promise<void> {
  const { batch, tools } = it
  const asked = it.byKey.get(key)
  if (asked === undefined || batch.answers.has(key)) return
  if ((batch.askings.get(key)?.size ?? 0) < MOST_ASKINGS + batch.head.confirm)
    return askAgain(tools.board, batch, asked)
  await conclude(
    it,
    key,
    notAnswered('no worker whose key is trusted gave a right answer, however often it was asked'),
    [],
  )
}

/** Some jobs are proved here, too. A key whose result is not reproduced is not believed any more. */
async function recheck(it: Collecting, key: string, all: readonly BelievedResult[]): Promise<void> {
  const { batch, tools, reports, byKey } = it
  const asked = byKey.get(key)
  if (asked === undefined || !batch.head.rechecked.includes(key)) return
  const here = await tools.proveHere(asked)
  if (here === null) return reports.warn(`job ${key.slice(0, 12)} could not be proved here, so it was not compared`)
  for (const { result, key: signer } of all) {
    if (!DECIDED_VERDICTS.has(result.verdict) || result.verdict === here) continue
    reports.warn(
      `${result.worker} says ${result.verdict}, but this machine ${here}; nothing of its key is believed any more`,
    )
    await suspend(it, signer)
  }
}

/** One transaction for all of them: notes are what all askers of a repository share. */
async function write(it: Collecting, complete: readonly (readonly [string, BelievedResult[]])[]): Promise<void> {
  const { tools } = it
  if (complete.length === 0) return
  const all = complete.flatMap(([, results]) => results)
  const writes = all.flatMap((one) => one.writes)
  if (writes.length > 0)
    await tools.notes.publish(
      writes,
      all.flatMap((one) => one.updates),
    )
  for (const [key, results] of complete) {
    it.believed.delete(key)
    const [first, ...others] = results.map(({ record }) => record?.repro ?? null)
    const differ = others.map((one) => differenceOf(first ?? null, one)).find((one) => one !== null) ?? null
    const answer = answerOf(results, differ)
    if (DECIDED_VERDICTS.has(answer.verdict))
      await tools.keep(
        key,
        results.map(({ bytes }) => bytes),
      )
    await conclude(it, key, answer, results)
  }
}

type Recorded = NonNullable<BelievedResult['record']>['repro'] | null

function differenceOf(one: Recorded, other: Recorded): string | null {
  if (one === null || other === null) return one === other ? null : 'whether it can be run'
  return outcomesDiffer(one, other)
}

async function conclude(
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

/**
 * A job that left the queue without a result that counts is asked for again: an untrusted worker may have had it. It has to be absent
 * at two looks, since a result may be on its way.
 */
async function askAgainForLost(it: Collecting): Promise<void> {
  const { tools, batch, byKey } = it
  const standing = new Map<string, ReadonlySet<string>>()
  const absent = new Set<string>()
  for (const key of openKeys(batch)) {
    const repository = repositoryToken(byKey.get(key)?.job.repository ?? '')
    const there = standing.get(repository) ?? (await tools.board.standing(repository, batch.head.asker))
    standing.set(repository, there)
    const stands = [...(batch.askings.get(key) ?? [])].filter((ordinal) => there.has(`${key}.${ordinal}`)).length
    const lacking = batch.head.confirm - (it.believed.get(key)?.length ?? 0)
    if (stands >= lacking) continue
    absent.add(key)
    if (it.absent.has(key)) await askOnceMore(it, key)
  }
  it.absent = absent
}
