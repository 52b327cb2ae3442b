/** Comparing the tests of two trees: what is lost, moved, mended or asked for differently. */

export { compareSuites, firstLostTest, type SuiteChange } from './compare-suites.ts'
export { expectations, testNameOf } from './expectations.ts'
export { type MixedRed, mixedRed } from './mixed-red.ts'
export { ruinFiles } from './ruin-files.ts'
export { movesOf, NO_MOVES, type TestNameMoves } from './test-name-moves.ts'
