/** Checking a recorded proof: missing runs, rules weaker than a policy, undeclared inputs; the summary of a proof, and what models took. */
export { changedTests } from './changed-tests.ts'
export { missingRuns } from './missing-runs.ts'
export { modelUseLine, withUsage } from './model-use.ts'
export {
  countsLine,
  LIMITS,
  LOOK_AT,
  proofSummary,
  remarkLines,
  sandboxLine,
  weakIsolationPhrase,
} from './proof-summary.ts'
export { type ProofInputs, undeclaredInputs } from './undeclared-inputs.ts'
export { undeclaredTargets, weakerRules } from './weaker-rules.ts'
