import type { KnownTests } from '../../flows/proof/index.ts'
import type { GateBase } from '../../model/gate.ts'
import type { Oid } from '../../model/oid.ts'
import { type OpenRepository, type PolicyOfGate, readGatePolicy } from '../../wiring/index.ts'

/** In seconds. A job that takes longer is given up. */
export const LONGEST_SEC = 3600

/** What runs on the base showed, by the name of a target. */
export type BaseTests = Readonly<Record<string, KnownTests>>

/** What a few tests may show before a suite that takes longer than the answer may. */
export interface FirstTests {
  readonly base: BaseTests
  /** Ids of tests with which the agent was sent back last. */
  readonly failing: readonly string[]
  readonly cutAfterMs: number
}

/** What a job is told. `tree`: what is to be proved; null: the session only begins. */
export interface GateJobRequest {
  readonly base: GateBase
  readonly tree: Oid | null
  readonly trusted: readonly string[]
  readonly session: string
  /** Whether the targets could be run when the session began; null: unknown. */
  readonly baseRan: boolean | null
  /** What runs first, since the targets take longer than the answer may; null: nothing has to. */
  readonly first: FirstTests | null
}

export function policyOf(
  { repository }: OpenRepository,
  { base, trusted }: Pick<GateJobRequest, 'base' | 'trusted'>,
): Promise<PolicyOfGate> {
  return readGatePolicy(repository, base, (digest) => trusted.includes(digest))
}
