/** Judging a recorded proof: which runs it lacks, where it is weaker than a policy, which inputs it does not declare, and its summary. */
export { changedTests } from './changed-tests.ts'
export { missingRuns } from './missing-runs.ts'
export { LIMITS, proofSummary, sandboxLine, weakIsolationPhrase } from './proof-summary.ts'
export { type ProofInputs, undeclaredInputs } from './undeclared-inputs.ts'
export { undeclaredTargets, weakerRules } from './weaker-rules.ts'
