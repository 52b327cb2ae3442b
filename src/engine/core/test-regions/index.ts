/** Tests inside of product files: which lines they are, and a change of such a file taken apart into product and tests. */

export { testLines, testsRunBy } from './lines-of-tests.ts'
export { type RegionSplit, splitRegions } from './split-regions.ts'
