/** Comparing the tests of two trees: which are lost, moved or fixed, and which expectations changed. */

export { compareSuites, firstLostTest, type SuiteChange } from './compare-suites.ts'
export { expectations, testNameOf } from './expectations.ts'
export { type MixedRed, mixedRed } from './mixed-red.ts'
export { ruinFiles } from './ruin-files.ts'
export { movesOf, NO_MOVES, type TestNameMoves } from './test-name-moves.ts'
