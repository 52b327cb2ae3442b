/** Checks of `git pp doctor` that can be decided from facts alone. */

export { type CommandRequirements, requirementsOf } from './command-requirements.ts'
export { exposingSettings, type GitSettings } from './exposing-settings.ts'
export { clockChecks, spaceChecks } from './machine.ts'
