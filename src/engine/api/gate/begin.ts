import { join } from 'node:path'
import type { GateSession } from '../../model/gate.ts'
import type { Caller } from '../../model/options.ts'
import { digest, type GateJob, type GateStore, gateJob, startGateJob } from '../../state/index.ts'
import { type OpenRepository, readGatePolicy } from '../../wiring/index.ts'
import { rememberDependencies } from './beside.ts'
import { baseNow } from './gate-base.ts'
import { jobProgram } from './job.ts'
import type { GateJobRequest } from './job-request.ts'

/** `named`: the agent says which session it is; if not, each beginning is that of a new one. */
export interface SessionName {
  readonly id: string
  readonly named: boolean
}

/**
 * Notes where a session of an agent begins: HEAD, and the uncommitted work, which is not the agent's. Only the first call for a
 * session counts. Work that was released unproved before stays in what is to be proved.
 */
export async function beginSession(
  caller: Caller,
  openRepo: OpenRepository,
  store: GateStore,
  { id, named }: SessionName,
): Promise<GateSession> {
  const kept = await store.session(id)
  if (kept !== null && named) return kept
  const { open, trusted } = await store.worktree()
  const base = open ?? (await baseNow(openRepo, 'the work tree as it was when the session began'))
  const session = { base, began: Date.now(), blocks: 0, blocksOf: {}, last: null }
  await store.keepSession(id, session)
  const asked = await readGatePolicy(openRepo.repository, base, (one) => trusted.includes(one))
  if (asked.policy.targets.length === 0) return session
  await rememberDependencies(openRepo, store, id, base, asked)
  const request: GateJobRequest = { base, tree: null, trusted, session: id, baseRan: null, first: null }
  await startGateJob(beginJob(store, id), request, jobProgram(caller))
  return session
}

/** The job that looks at the base of a session. */
export function beginJob(store: GateStore, id: string): GateJob {
  return gateJob(join(store.dir, `begin-${digest(id).slice(0, 16)}`))
}
