import { strengthOf } from '../../model/kinds.ts'
import type { AcceptedProofs, HistoryDepth, SandboxBackend, SignMode } from '../../model/policy-values.ts'
import { parseBytes } from '../bounds/index.ts'

/** Answers whether `now` allows anything that `was` does not. */
export type IsLooser<T> = (was: T, now: T) => boolean

export const looserNumber: IsLooser<number> = (was, now) => now > was

export const looserWord: IsLooser<'deny' | 'allow'> = (was, now) => was === 'deny' && now === 'allow'

/** none is the strictest; of two numbers the smaller one; the rest cannot be compared. */
export const looserHistory: IsLooser<HistoryDepth> = (was, now) =>
  now !== 'none' && now !== was && !(typeof was === 'number' && typeof now === 'number' && now < was)

/** true is the stricter word (minimize, attestation.enabled). */
export const looserWhenFalse: IsLooser<boolean> = (was, now) => was && !now
/** false is the stricter word (tests.allow_changes). */
export const looserWhenTrue: IsLooser<boolean> = (was, now) => !was && now

/** auto is 1 to 3 pairs, so a number may replace it from 3 on, and it may replace 0 and 1. */
export const looserRuns: IsLooser<'auto' | number> = (was, now) => {
  if (was === 'auto' && now === 'auto') return false
  return (now === 'auto' ? 1 : now) < (was === 'auto' ? 3 : was)
}

/** auto never means one that keeps nothing out; bubblewrap and unshare keep the same walls; only a container keeps its own. */
export const looserBackend: IsLooser<SandboxBackend> = (was, now) => strengthOf(now) < strengthOf(was)

/** Every kind of proof that is accepted is one more. */
export const looserAccept: IsLooser<AcceptedProofs> = (was, now) => now.some((kind) => !was.includes(kind))

export const looserSigning: IsLooser<SignMode> = (was, now) => was !== 'none' && now === 'none'

export const looserMemory: IsLooser<string> = (was, now) => parseBytes(now) > parseBytes(was)
export const looserCpu: IsLooser<string> = (was, now) => Number(now) > Number(was)
