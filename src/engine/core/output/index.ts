/** What stands around the words of a failure: prefixes of wrappers, stack frames, source excerpts, results of passing tests. */
export { isNoise } from './noise.ts'
export { tellingLines } from './telling-lines.ts'
export { unwrapped } from './unwrapped.ts'
