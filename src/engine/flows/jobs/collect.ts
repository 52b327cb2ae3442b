import { outcomesDiffer, queueOf } from '../../core/jobs/index.ts'
import { PpError } from '../../model/error.ts'
import type { AskedJob } from '../../model/job.ts'
import { DECIDED_VERDICTS } from '../../model/patch-verdict.ts'
import type { StoredResult } from '../../ports/broker.ts'
import { askAgainForLost, askOnceMore, suspend } from './ask-once-more.ts'
import { answerOf, type JobBatch, jobsByKey, notAnswered, openKeys } from './batch.ts'
import { type BelievedResult, checkResult } from './check-result.ts'
import { type Collecting, type CollectReports, type CollectTools, conclude } from './collecting.ts'

const AT_ONCE = 100
const WAIT_MS = 1000
const BROKEN_MS = 1000
/** In ms without a result: then it is looked whether the askings still stand in the queue. */
const QUIET_MS = 5000
/** In ms: a worker may still tell what it has at a deadline. */
const LATE_MS = 30_000
/** So many results of a key are looked at. */
const MOST_RESULTS = 24

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
  const began = tools.elapsed()
  let heard = began
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
      await endOverdue(it, tools.elapsed() - began)
      await tellProgress(it)
    } catch (error) {
      if (!(error instanceof PpError) || error.code !== 'BROKER_FAILED') throw error
      reports.warn(`${error.message}; trying again`)
      await tools.pause(BROKEN_MS)
    }
  }
}

/** Where no worker is there, nobody else says that the deadline is over. `ms`: since when results are waited for. */
async function endOverdue(it: Collecting, ms: number): Promise<void> {
  const { batch, byKey, tools } = it
  for (const key of openKeys(batch)) {
    const asked = byKey.get(key)
    const deadline = asked?.job.deadline ?? null
    if (asked === undefined || deadline === null || ms < 1000 * deadline + LATE_MS) continue
    const ordinal = Math.max(1, ...(batch.askings.get(key) ?? []))
    await tools.board.cancel({ repository: queueOf(asked.job), asker: batch.head.asker, key, ordinal })
    await conclude(it, key, notAnswered(`no worker answered within its deadline of ${deadline} s`), [])
  }
}

async function tellProgress({ tools, batch, reports, workers, dropped }: Collecting): Promise<void> {
  const open = openKeys(batch).length
  const [first] = batch.jobs
  if (first === undefined) return
  const { waiting, claimed } = await tools.board.depth(queueOf(first.job))
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
