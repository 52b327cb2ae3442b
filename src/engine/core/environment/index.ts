/** Which variables a command inherits. */
export { RUN_MARK } from './run-mark.ts'
export {
  addedVariables,
  commandEnvironment,
  ENVIRONMENT_ALLOWED,
  type Environment,
  holdsOurKey,
  toolchainVariables,
  withoutOurKeys,
} from './variables.ts'
