/** Judging a recorded proof: which runs it lacks, where it is weaker than a policy, which inputs it does not declare, and its summary. */
export { changedTests } from './changed-tests.ts'
export { runsLack } from './missing-runs.ts'
export { LIMITS, loosened, sandboxLine, summary } from './summary.ts'
export { beyond, type Used } from './undeclared-inputs.ts'
export { looser, strangeTargets } from './weaker-than.ts'
