/** The limits of memory, processor, processes and disk: how they are written and what is said when one is met. */
export { describeMetBound, formatBytes, KEY_OF_BOUND, parseBytes, unenforcedBounds } from './bounds.ts'
