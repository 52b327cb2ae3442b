import { strengthOf } from '../../model/kinds.ts'
import type { Accept, Backend, History, SignMode } from '../../model/policy-file.ts'
import { bytesOfSize } from '../bounds/index.ts'

/** Answers whether `now` allows anything that `was` does not. */
export type Looser<T> = (was: T, now: T) => boolean

export const looserNumber: Looser<number> = (was, now) => now > was

export const looserWord: Looser<'deny' | 'allow'> = (was, now) => was === 'deny' && now === 'allow'

/** none is the strictest; of two numbers the smaller one; the rest cannot be compared. */
export const looserHistory: Looser<History> = (was, now) =>
  now !== 'none' && now !== was && !(typeof was === 'number' && typeof now === 'number' && now < was)

/** true is the stricter word (minimize, attestation.enabled). */
export const looserWhenFalse: Looser<boolean> = (was, now) => was && !now
/** false is the stricter word (tests.allow_changes). */
export const looserWhenTrue: Looser<boolean> = (was, now) => !was && now

/** auto is 1 to 3 pairs, so a number may replace it from 3 on, and it may replace 0 and 1. */
export const looserRuns: Looser<'auto' | number> = (was, now) => {
  if (was === 'auto' && now === 'auto') return false
  return (now === 'auto' ? 1 : now) < (was === 'auto' ? 3 : was)
}

/** auto never means one that keeps nothing out; bubblewrap and unshare keep the same walls; only a container keeps its own. */
export const looserBackend: Looser<Backend> = (was, now) => strengthOf(now) < strengthOf(was)

/** Every kind of proof that is accepted is one more. */
export const looserAccept: Looser<Accept> = (was, now) => now.some((kind) => !was.includes(kind))

export const looserSigning: Looser<SignMode> = (was, now) => was !== 'none' && now === 'none'

export const looserMemory: Looser<string> = (was, now) => bytesOfSize(now) > bytesOfSize(was)
export const looserCpu: Looser<string> = (was, now) => Number(now) > Number(was)
