/** The directories of this tool on this machine. */

export { type AgentCall, lastAgentCall, rememberAgentCall, stateDir } from './agent-calls.ts'
export { type Batches, type BatchFile, batches, type KeptBatch } from './batches.ts'
export { type BesideFiles, changedBeside, digestBeside, listBeside, timesBeside } from './beside-files.ts'
export { withBuildCaches } from './build-caches.ts'
export {
  ignoreArtifacts,
  type OpenedBundleDirectory,
  openBundleDir,
  readBundleDir,
  writeBundleDir,
} from './bundle-dir.ts'
export type { LeftContainer } from './containers.ts'
export { evictBases } from './evict-bases.ts'
export { fileHoldingSecret } from './file-holding-secret.ts'
export { type GateJob, type GateProgress, gateJob, type JobProgram, openGateJob, startGateJob } from './gate-jobs.ts'
export { digest, type GateStore, type GateWorktree, gateStore, readJson } from './gate-store.ts'
export { describeIncluded } from './included-content.ts'
export { type JobResults, jobResults } from './job-results.ts'
export { keepLeftovers } from './keep-leftovers.ts'
export { type KnownVerdicts, knownVerdicts } from './known-verdicts.ts'
export { isMadeHere, rememberMade } from './made-proofs.ts'
export { removeOldJobs } from './old-jobs.ts'
export { probeMemory } from './probe-memory.ts'
export { type KeptCandidates, refutedCandidates } from './refuted-candidates.ts'
export { basesDir, cacheDir, openSessionDir, repositoryDir, type SessionDir } from './session-dir.ts'
export { projectOfSession } from './session-projects.ts'
export { type SweepOptions, type SweepResult, sweep } from './sweep.ts'
