/** A red that shows nothing: what was missing, and what to type. */
export { crashed } from './foreign-program.ts'
export { invalidRed } from './invalid-red.ts'
export { moduleIndex } from './module-index.ts'
export type { ProgramLookup } from './program.ts'
export type { RunConditions } from './run-conditions.ts'
