/** Checks of `git pp doctor` that can be decided from facts alone. */
export { exposure, type Settings } from './exposure.ts'
export { clockChecks, spaceChecks } from './machine.ts'
export { type Needs, needsOf } from './needs.ts'
