/** What the configuration file of an agent gets, and how it is taken out again: nothing else in the file changes. */
export { type EditedBytes, stateOf, switchOff, withoutRegistration, withRegistration } from './registration.ts'
