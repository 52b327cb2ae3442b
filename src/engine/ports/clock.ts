/** Time and random numbers, as values that tests can fix. */
export interface Clock {
  now(): Date
  /** Monotonic milliseconds. */
  elapsed(): number
  /** `n` random bytes. */
  random(n: number): Uint8Array
}
