/** What a verdict means to the agent that made a change, and how often it is sent back. */
export { asksForDependencies } from './asks-for-dependencies.ts'
export { countBlock } from './count-blocks.ts'
export { findingOf, type StopFacts } from './finding-of.ts'
export { letGo, sendBack, testsSentBack } from './findings.ts'
export { listNames } from './list-names.ts'
export { introductionOf, noticeOf } from './notice-of.ts'
