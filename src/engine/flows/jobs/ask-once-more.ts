import { queueOf } from '../../core/jobs/index.ts'
import { askAgain } from './ask.ts'
import { notAnswered, openKeys } from './batch.ts'
import { type Collecting, conclude } from './collecting.ts'

/** A key is asked for so often. */
const MOST_ASKINGS = 6

/** Nothing that a key has signed counts any more: what rests on it is taken back, and asked for again. */
export async function suspend(it: Collecting, key: string): Promise<void> {
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

/** Asks for a job again that has no answer yet; after too many askings, it is answered as not run. */
export async function askOnceMore(it: Collecting, key: string): Promise<void> {
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

/**
 * A job that left the queue without a result that counts is asked for again: an untrusted worker may have had it. It has to be absent
 * at two looks, since a result may be on its way.
 */
export async function askAgainForLost(it: Collecting): Promise<void> {
  const { tools, batch, byKey } = it
  const standing = new Map<string, ReadonlySet<string>>()
  const absent = new Set<string>()
  for (const key of openKeys(batch)) {
    const asked = byKey.get(key)
    if (asked === undefined) continue
    const repository = queueOf(asked.job)
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
