import { strengthOf } from '../../model/kinds.ts'
import type { AcceptedProofs, Focus, HistoryDepth, SandboxBackend, SignMode } from '../../model/policy-values.ts'
import { parseBytes } from '../bounds/index.ts'

/** Whether `now` allows anything that `was` does not allow. */
export type IsLooser<T> = (was: T, now: T) => boolean

export const looserNumber: IsLooser<number> = (was, now) => now > was
/** For what has to be reached. */
export const looserMinimum: IsLooser<number> = (was, now) => now < was

export const looserWord: IsLooser<'deny' | 'allow'> = (was, now) => was === 'deny' && now === 'allow'

export const looserObservation: IsLooser<'deny' | 'remark'> = (was, now) => was === 'deny' && now === 'remark'

/** none is the strictest; of two numbers the smaller one is stricter; other values cannot be compared. */
export const looserHistory: IsLooser<HistoryDepth> = (was, now) =>
  now !== 'none' && now !== was && !(typeof was === 'number' && typeof now === 'number' && now < was)

/** true is the stricter value (minimize, attestation.enabled). */
export const looserWhenFalse: IsLooser<boolean> = (was, now) => was && !now
/** false is the stricter value (tests.allow_changes). */
export const looserWhenTrue: IsLooser<boolean> = (was, now) => !was && now

/** auto means 1 to 3 pairs. So auto may be replaced by numbers from 3 on, and auto may replace 0 and 1. */
export const looserRuns: IsLooser<'auto' | number> = (was, now) => {
  if (was === 'auto' && now === 'auto') return false
  return (now === 'auto' ? 1 : now) < (was === 'auto' ? 3 : was)
}

/** From the strictest to the loosest. */
const FOCUS: readonly Focus[] = ['never', 'auto', 'fast']
export const looserFocus: IsLooser<Focus> = (was, now) => FOCUS.indexOf(now) > FOCUS.indexOf(was)

/** auto never chooses a sandbox that separates nothing. bubblewrap and unshare are equally strong; a container is different. */
export const looserBackend: IsLooser<SandboxBackend> = (was, now) => strengthOf(now) < strengthOf(was)

/** Each further kind of accepted proof makes the list looser. */
export const looserAccept: IsLooser<AcceptedProofs> = (was, now) => now.some((kind) => !was.includes(kind))

export const looserSigning: IsLooser<SignMode> = (was, now) => was !== 'none' && now === 'none'

export const looserMemory: IsLooser<string> = (was, now) => parseBytes(now) > parseBytes(was)
export const looserCpu: IsLooser<string> = (was, now) => Number(now) > Number(was)
