import type { GateFinding, GateSession } from '../../model/gate.ts'

/** How often an agent is sent back for one failure, and in one session. */
const MOST_OF_ONE = 3
const MOST_IN_ALL = 6
/** Failures that the base has as well, and a run that is not done, send it back once. */
const ONCE: ReadonlySet<string> = new Set(['OLD_FAILURES', 'STILL_RUNNING'])

/** The finding as it is told, and the session with the block counted. */
export interface CountedFinding {
  readonly told: GateFinding
  readonly session: GateSession
}

/**
 * Counts a block, or releases the agent when it was sent back often enough: some agents would go on for ever. What is released
 * is never called proved.
 */
export function countBlock(session: GateSession, finding: GateFinding): CountedFinding {
  if (finding.go || finding.failure === null) return { told: finding, session }
  const before = session.blocksOf[finding.failure] ?? 0
  const most = ONCE.has(finding.word) ? 1 : MOST_OF_ONE
  if (before >= most || session.blocks >= MOST_IN_ALL) return { told: released(session, finding, before), session }
  const blocksOf = { ...session.blocksOf, [finding.failure]: before + 1 }
  return { told: finding, session: { ...session, blocks: session.blocks + 1, blocksOf } }
}

function released(session: GateSession, finding: GateFinding, ofThis: number): GateFinding {
  if (finding.word === 'OLD_FAILURES')
    return { ...finding, go: true, reason: 'no new failures; the tests that failed before still fail' }
  if (finding.word === 'STILL_RUNNING')
    return { ...finding, word: 'UNPROVED', go: true, reason: 'the runs did not end in time' }
  const times = ofThis >= MOST_OF_ONE ? `${ofThis} times for this failure` : `${session.blocks} times in this session`
  const reason = `released unproved: the agent was sent back ${times}, and it is still ${finding.word}: ${finding.reason}`
  return { ...finding, word: 'RELEASED', go: true, reason }
}
