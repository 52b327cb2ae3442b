import type { GateLine } from '../model/gate.ts'

/** The title of the story of an agent's session; what it says comes from this machine and not from the proof. */
export const GATE_STORY = 'At the gate, as this machine recorded it'

/** How an agent came to a proof, a line for each stop: sent back and why, or let go. */
export function gateStory(lines: readonly GateLine[]): readonly string[] {
  return lines
    .filter(({ event }) => event === 'stop')
    .map(({ at, agent, go, word, reason }) => {
      const told = go ? 'may stop' : 'sent back'
      return `${at.slice(0, 19)}Z ${agent} ${told}, ${word}: ${reason}`
    })
}
