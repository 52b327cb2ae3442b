import { fetchedFrom } from '../flows/refs/index.ts'
import { logFlow } from '../flows/store/index.ts'
import type { Caller } from '../model/options.ts'
import type { LogEntry, ProofView } from '../model/proof-view.ts'
import { withReader } from '../wiring/index.ts'
import { proofViewOf } from './locate-proof.ts'

export function show(caller: Caller, proof: string | null): Promise<ProofView> {
  return withReader(caller, (reader) => proofViewOf(caller, reader, proof))
}

export function log(caller: Caller, options: { limit: number | null }): Promise<LogEntry[]> {
  return withReader(caller, ({ proofStore }) => logFlow(proofStore, options.limit))
}

/** The remotes whose proofs were fetched, also those that had none. */
export function fetchedRemotes(caller: Caller): Promise<readonly string[]> {
  return withReader(caller, ({ refs }) => fetchedFrom(refs))
}
