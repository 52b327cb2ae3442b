/** How many runs are needed, and what the runs of a flaky test show. */
export { leftOver, runsToSee, toldApart } from './fisher.ts'
export { planPairs } from './how-many-pairs.ts'
export { flakyLine, ofAll, type Standing, standing, trialsLine, trialsOf } from './trials.ts'
