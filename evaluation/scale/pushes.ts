import { randomFrom, timeline } from './events.ts'

export interface PushRace {
  readonly clones: number
  /** That each clone makes. */
  readonly pushes: number
  /** Seconds of one try: fetch, add the notes, push. */
  readonly tries: number
  /** Tries are longer or shorter by up to this share. */
  readonly spread: number
}

/**
 * Clones that push notes to one ref. Git takes a push only if the ref did not move since the fetch, so of those that try at the
 * same time one wins, and all others begin again.
 */
export function racePushes(
  { clones, pushes, tries, spread }: PushRace,
  seed = 1,
): { perSecond: number; refusals: number } {
  const time = timeline()
  const random = randomFrom(seed)
  let [moved, refusals, taken, ended] = [0, 0, 0, 0]
  const attempt = (left: number) => {
    if (left === 0) return
    const fetched = moved
    time.after(tries * (1 + spread * (2 * random() - 1)), () => {
      if (fetched === moved) {
        moved += 1
        taken += 1
        ended = time.now
        attempt(left - 1)
      } else {
        refusals += 1
        attempt(left)
      }
    })
  }
  for (let n = 0; n < clones; n++) attempt(pushes)
  time.run()
  return { perSecond: taken / ended, refusals: refusals / taken }
}

/** Seconds in which one writer adds a batch of proofs to the notes and pushes them. */
export interface Writer {
  readonly batch: number
  readonly proof: number
}

/** From the two figures of one writer: pushes of one proof a second, and proofs a second in batches of 100. */
export function writerFrom(single: number, inHundreds: number): Writer {
  const [one, hundred] = [1 / single, 100 / inHundreds]
  const proof = (hundred - one) / 99
  return { batch: one - proof, proof }
}
