import type { AgentName } from './kinds.generated.ts'
import type { Oid } from './oid.ts'

/** The word with which this program does a job of the gate, followed by the directory of the job. */
export const GATE_JOB = 'gate-job'

/**
 * What the gate says of a stop. Let go: OFF, NOT_ASKED (nothing to decide here), UNCHANGED, NO_TARGET, PROVED, PRESERVED,
 * PROVED_SO_FAR, TESTS_FIRST, OLD_FAILURES, UNPROVED (could not tell), RELEASED (blocked too often). Sent back: STILL_RUNNING,
 * HANGS, DEPENDENCIES, and the verdicts of a session.
 */
export type GateWord =
  | 'OFF'
  | 'NOT_ASKED'
  | 'UNCHANGED'
  | 'NO_TARGET'
  | 'PROVED'
  | 'PRESERVED'
  | 'PROVED_SO_FAR'
  | 'TESTS_FIRST'
  | 'OLD_FAILURES'
  | 'UNPROVED'
  | 'RELEASED'
  | 'STILL_RUNNING'
  | 'HANGS'
  | 'DEPENDENCIES'
  | 'NOT_FIXED'
  | 'NOT_RED'
  | 'TESTS_CHANGED'
  | 'RIGGED'
  | 'DENIED'
  | 'FLAKY'
  | 'INVALID_RED'
  | 'NOT_RUN'
  | 'NO_EFFECT'

/** A failing test, or what a command printed when no test was named; foreign text. */
export interface GateFailure {
  readonly id: string
  readonly message: string
}

/**
 * What the gate answers, with lines for the person who uses the agent; null: there is nothing to say. `notice`: that the agent
 * goes without a proof. `introduction`: that the gate is there, said once.
 */
export interface GateAnswer {
  readonly finding: GateFinding
  readonly notice: string | null
  readonly introduction: string | null
}

/** What was found out about one state of the work tree. */
export interface GateFinding {
  readonly word: GateWord
  readonly go: boolean
  /** One sentence of ours, about what to do where the agent is sent back. It may hold paths, which are not escaped. */
  readonly reason: string
  /** Output of tests; nothing in it is ours. */
  readonly failures: readonly GateFailure[]
  /** Names a failure across stops, so that it is counted; null where the agent goes. */
  readonly failure: string | null
  /** The session that showed it; null: none did. */
  readonly session: string | null
  /** Whether another look may take it back although nothing was edited, so that it is not given again unseen. */
  readonly open?: boolean
}

/** Where a session of an agent began. */
export interface GateBase {
  /** A commit whose tree is `tree`: HEAD, or a snapshot of the uncommitted work on top of it. */
  readonly commit: Oid
  readonly tree: Oid
  /** HEAD at that time. */
  readonly head: Oid
  readonly snapshot: boolean
  /** How it was found, as the end of "the base is …". */
  readonly is: string
}

/** What is kept of a session of an agent in one work tree. */
export interface GateSession {
  readonly base: GateBase
  /** In ms since 1970. */
  readonly began: number
  /** How often the agent was sent back, in all and for each failure. */
  readonly blocks: number
  readonly blocksOf: Readonly<Record<string, number>>
  /**
   * The last finding that may be given again; null: there is none. `beside`: the times of what stood beside the tree; a refusal
   * is given again only while they are the same.
   */
  readonly last: { readonly key: string; readonly beside: string; readonly finding: GateFinding } | null
  /** Ids of the tests with which the agent was sent back last; absent: no test was named yet. */
  readonly failing?: readonly string[]
}

/** One line of the gate's own record. */
export interface GateLine {
  /** RFC 3339, UTC. */
  readonly at: string
  readonly agent: AgentName
  /** The first 12 digits of the digest of the agent's session id. */
  readonly session: string
  readonly event: 'begin' | 'stop'
  readonly word: GateWord
  readonly go: boolean
  readonly reason: string
  /** How long the agent waited, in ms. */
  readonly tookMs: number
  readonly tree: Oid | null
  /** The session whose proof it is. */
  readonly proof: string | null
}
