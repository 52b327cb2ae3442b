/** Simulated time: what was scheduled happens in the order of its moments, those of one moment in the order they were scheduled. */
export interface Timeline {
  /** Seconds since the beginning. */
  readonly now: number
  /** Schedules an event; the answer takes it back. */
  after(seconds: number, event: () => void): () => void
  /** Until nothing is left, or until this moment. */
  run(until?: number): void
}

interface Event {
  readonly at: number
  readonly nth: number
  readonly happen: () => void
  dropped: boolean
}

export function timeline(): Timeline {
  const heap: Event[] = []
  let now = 0
  let scheduled = 0
  return {
    get now() {
      return now
    },
    after(seconds, happen) {
      const event = { at: now + seconds, nth: scheduled++, happen, dropped: false }
      push(heap, event)
      return () => {
        event.dropped = true
      }
    },
    run(until = Number.POSITIVE_INFINITY) {
      for (let next = heap[0]; next !== undefined && next.at <= until; next = heap[0]) {
        pop(heap)
        now = next.at
        if (!next.dropped) next.happen()
      }
    },
  }
}

const before = (a: Event, b: Event) => a.at < b.at || (a.at === b.at && a.nth < b.nth)

/** A binary heap: the parent of `n` is at `(n - 1) >> 1`. */
function push(heap: Event[], event: Event): void {
  let at = heap.push(event) - 1
  while (at > 0) {
    const parent = (at - 1) >> 1
    if (!before(event, heap[parent] as Event)) break
    heap[at] = heap[parent] as Event
    at = parent
  }
  heap[at] = event
}

function pop(heap: Event[]): void {
  const last = heap.pop() as Event
  if (heap.length === 0) return
  let at = 0
  for (let child = 1; child < heap.length; child = 2 * at + 1) {
    const right = heap[child + 1]
    if (right !== undefined && before(right, heap[child] as Event)) child += 1
    if (!before(heap[child] as Event, last)) break
    heap[at] = heap[child] as Event
    at = child
  }
  heap[at] = last
}

/** Numbers from 0 to 1, always the same ones for a seed (mulberry32, public domain). */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
