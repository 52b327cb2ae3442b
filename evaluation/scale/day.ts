import { randomFrom, timeline } from './events.ts'
import type { Writer } from './pushes.ts'

const DAY = 86_400

export interface Day {
  readonly proofs: number
  /** Seconds of a session. */
  readonly session: number
  readonly repositories: number
  /** What the writer of a repository spends more for each proof that its notes hold already. */
  readonly perHeldProof: number
  readonly writer: Writer
  /** The busiest hour against the mean. */
  readonly peak: number
}

export interface DayResult {
  /** Sessions at once in the busiest hour. */
  readonly sessions: number
  /** Proofs of the repository that has the most. */
  readonly largest: number
  /** The share of a day for which its writer is busy. */
  readonly writerBusy: number
  /** The longest time from a result to its note there, in seconds. */
  readonly latest: number
  /** Writers that are enough for all repositories, each busy for at most half of the day. */
  readonly writers: number
}

/** The n-th largest repository has 1/n of the proofs of the largest (Zipf's law). */
export function shares(repositories: number): readonly number[] {
  const weights = Array.from({ length: repositories }, (_, n) => 1 / (n + 1))
  const sum = weights.reduce((total, one) => total + one, 0)
  return weights.map((one) => one / sum)
}

export function dayOf({ proofs, session, repositories, perHeldProof, writer, peak }: Day): DayResult {
  const counts = shares(repositories).map((share) => share * proofs)
  const days = counts.map((count) => writeDay(count, writer, perHeldProof))
  const busy = days.map(({ busy }) => busy)
  return {
    sessions: (proofs / DAY) * peak * session,
    largest: counts[0] ?? 0,
    writerBusy: busy[0] ?? 0,
    latest: days[0]?.latest ?? 0,
    writers: Math.ceil(busy.reduce((total, one) => total + one, 0) / 0.5),
  }
}

/** The first day of one repository's writer, which takes whatever waits as one batch, a batch every 10 seconds at most. */
function writeDay(count: number, writer: Writer, perHeldProof: number): { busy: number; latest: number } {
  const time = timeline()
  const random = randomFrom(count | 0)
  const rate = count / DAY
  let [held, spent, latest] = [0, 0, 0]
  let since = 0
  const write = () => {
    const batch = Math.round((time.now - since) * rate + random() - 0.5)
    const first = since
    since = time.now
    if (batch <= 0) return void time.after(10, write)
    const seconds = writer.batch + batch * writer.proof + held * perHeldProof
    time.after(seconds, () => {
      held += batch
      spent += seconds
      latest = Math.max(latest, time.now - first)
      time.after(Math.max(0, 10 - seconds), write)
    })
  }
  time.after(10, write)
  time.run(DAY)
  return { busy: spent / DAY, latest }
}
