/** Code of a change that may make the failing tests pass without doing what was meant. */
export { addedLines } from './added-lines.ts'
export { testData } from './data-of-tests.ts'
export { overfittingRemarks } from './overfitting-remarks.ts'
export type { ChangedCode } from './rule.ts'
export { type TestTexts, testTexts } from './texts-of-tests.ts'
