import { randomBytes } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import type { Clock } from '../ports/clock.ts'

export const clock: Clock = {
  now: () => new Date(),
  elapsed: () => performance.now(),
  random: (n) => randomBytes(n),
}
