/** Comparing the tests of two trees: what is lost, moved, mended or asked for differently. */
export { expectations, nameOf } from './expectations.ts'
export { type MixedRed, mixedRed } from './mixed-red.ts'
export { type Moves, movesOf, NO_MOVES } from './moves.ts'
export { poison } from './ruin-files.ts'
export { compareSuites, lost, type SuiteChange } from './suite.ts'
