/** Tests inside of product files: which lines they are, and a change of such a file taken apart into product and tests. */
export { type RegionSplit, splitRegions } from './split-regions.ts'
export { testLines } from './test-lines.ts'
