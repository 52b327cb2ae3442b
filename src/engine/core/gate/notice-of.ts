import type { GateFinding, GateWord } from '../../model/gate.ts'

/** Let go without a proof: a person has to know, however often it happens. */
const LOUD: ReadonlySet<GateWord> = new Set(['OFF', 'RELEASED', 'UNPROVED'])

/** The line for the person who uses an agent that goes without a proof; null: there is nothing to say. */
export function noticeOf({ word, go, reason }: GateFinding): string | null {
  return go && LOUD.has(word) ? `git pp gate: ${word}: ${reason}` : null
}

/** The line with which the gate says in a work tree that it is there. */
export function introductionOf({ word }: GateFinding, tookMs: number): string {
  const seconds = (tookMs / 1000).toFixed(1)
  return `git pp gate looked at this stop for ${seconds} s: ${word}. git pp log --gate lists what it says, git pp gate --off ends it`
}
