/** Which changed lines tests ran, for a change without a red. */
export { changedLines, type LinesOfSide } from './changed-lines.ts'
export { codeLines } from './code-lines.ts'
export { executedPhrase, NOT_RUN, notRunLines, tooFewExecuted } from './executed-phrase.ts'
export { inconsistentCount } from './inconsistent-count.ts'
export { type MeasuredLines, tallyLines } from './tally-lines.ts'
