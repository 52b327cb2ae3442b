import { median } from './cpu.ts'

/** What is compared in one round: our cost, and that of the floor beside it. In ms of CPU. */
export interface PairedCost {
  readonly ours: number
  readonly floor: number
}

/** A ratio of medians, with a 95 % bootstrap interval, and how much the floor varied: its middle half over its median. */
export interface Ratio {
  readonly ratio: number
  readonly low: number
  readonly high: number
  readonly noise: number
}

const RESAMPLES = 2000
/** A floor that varies by more than this cannot be measured now. */
const MOST_NOISE = 0.15

/** `value` makes one figure out of medians; default: ours over the floor. */
export function ratioOf(
  pairs: readonly PairedCost[],
  value: (ours: number, floor: number) => number = (ours, floor) => ours / floor,
): Ratio {
  const of = (some: readonly PairedCost[]) =>
    value(median(some.map(({ ours }) => ours)), median(some.map(({ floor }) => floor)))
  const random = generator(pairs.length)
  const again = Array.from({ length: RESAMPLES }, () =>
    of(pairs.map((_, __, all) => all[Math.floor(random() * all.length)] as PairedCost)),
  ).sort((a, b) => a - b)
  const at = (share: number) => again[Math.floor(share * (RESAMPLES - 1))] ?? Number.NaN
  return { ratio: of(pairs), low: at(0.025), high: at(0.975), noise: spread(pairs.map(({ floor }) => floor)) }
}

/** Says whether a bound holds: it is missed if the whole interval lies above it. */
export function judge({ low, noise }: Ratio, bound: number): 'holds' | 'missed' | 'not measurable now' {
  if (noise > MOST_NOISE) return 'not measurable now'
  return low > bound ? 'missed' : 'holds'
}

function spread(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN
  return (at(0.75) - at(0.25)) / median(sorted)
}

/** Pseudo-random numbers from 0 to 1, always the same ones (mulberry32). */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let one = Math.imul(state ^ (state >>> 15), 1 | state)
    one = (one + Math.imul(one ^ (one >>> 7), 61 | one)) ^ one
    return ((one ^ (one >>> 14)) >>> 0) / 4_294_967_296
  }
}
