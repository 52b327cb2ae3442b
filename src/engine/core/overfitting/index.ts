/** Code of a change that may make the failing tests pass without doing what was meant. */
export { addedLines } from './added-lines.ts'
export { overfittingRemarks } from './overfitting-remarks.ts'
export type { ChangedCode } from './rule.ts'
export { rules } from './rules/index.generated.ts'
export { testData } from './test-data.ts'
export { type TestTexts, testTexts } from './test-texts.ts'
