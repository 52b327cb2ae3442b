/** Which variables a command inherits. */
export { RUN_MARK } from './run-mark.ts'
export {
  addedVariables,
  type CommandEnvironment,
  commandEnvironment,
  ENVIRONMENT_ALLOWED,
  isOwnKeyVariable,
  toolchainVariables,
  withoutOwnKeys,
} from './variables.ts'
