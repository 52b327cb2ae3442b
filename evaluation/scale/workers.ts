import { randomFrom, timeline } from './events.ts'

/** Times are seconds. */
export interface Fleet {
  readonly workers: number
  readonly jobs: number
  /** A session of one job, from claim to result. */
  readonly session: () => number
  /** A claim that is not renewed for so long is given to another worker. */
  readonly claim: number
  readonly renewed: number
  /** At this moment the first worker that is busy is killed, and does not come back. */
  readonly kill?: number
}

export interface FleetResult {
  readonly seconds: number
  readonly starts: number
  readonly results: number
  /** Jobs with more than one result. */
  readonly doubles: number
  /** From the kill to the moment at which another worker began the job again; null: nobody was killed. */
  readonly redelivered: number | null
}

interface Job {
  results: number
}

/** Workers that take jobs from a queue, renew their claims, and die. */
export function runFleet({ workers, jobs, session, claim, renewed, kill }: Fleet): FleetResult {
  const time = timeline()
  const waiting: Job[] = Array.from({ length: jobs }, () => ({ results: 0 }))
  const all = [...waiting]
  const busy = new Map<number, { readonly job: Job; readonly began: number; readonly drop: () => void }>()
  const idle = new Set(Array.from({ length: workers }, (_, n) => n))
  let [starts, ended] = [0, 0]
  let lost: Job | null = null
  let killed: number | null = null
  let redelivered: number | null = null

  const next = () => {
    for (const worker of [...idle]) {
      const job = waiting.shift()
      if (job === undefined) return
      idle.delete(worker)
      starts += 1
      if (job === lost && killed !== null) redelivered = time.now - killed
      const done = time.after(session(), () => {
        job.results += 1
        ended = time.now
        busy.delete(worker)
        idle.add(worker)
        next()
      })
      busy.set(worker, { job, began: time.now, drop: done })
    }
  }
  if (kill !== undefined)
    time.after(kill, () => {
      const [victim] = busy
      if (victim === undefined) return
      const [worker, { job, began, drop }] = victim
      drop()
      busy.delete(worker)
      ;[lost, killed] = [job, time.now]
      const sinceRenewal = (time.now - began) % renewed
      time.after(claim - sinceRenewal, () => {
        waiting.unshift(job)
        next()
      })
    })
  next()
  time.run()
  const results = all.reduce((sum, { results }) => sum + results, 0)
  return { seconds: ended, starts, results, doubles: all.filter((job) => job.results > 1).length, redelivered }
}

/** What is left of the claim when a worker is killed at random moments, and until another worker is free. */
export interface Redelivery {
  readonly spare: boolean
  readonly session: number
  readonly claim: number
  readonly renewed: number
}

/** Seconds from a kill to the new beginning, of 2,000 kills, the shortest first. `spare`: a worker is idle then. */
export function redeliveries({ spare, session, claim, renewed }: Redelivery, seed = 1): readonly number[] {
  const random = randomFrom(seed)
  const lengths = () => session * (0.7 + 0.6 * random())
  const one = () => {
    const kill = spare ? random() * session * 0.7 : session * (2 + 8 * random())
    return runFleet({ workers: 2, jobs: spare ? 1 : 40, session: lengths, claim, renewed, kill }).redelivered ?? 0
  }
  return Array.from({ length: 2000 }, one).sort((a, b) => a - b)
}
