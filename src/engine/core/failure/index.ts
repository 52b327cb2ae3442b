/** What one execution of a command means, and whether two failures are the same. */
export {
  failedOtherwise,
  failureDifference,
  headline,
  messageDifference,
  normaliseOutput,
  type RedFailure,
  sameMessage,
  withoutAddresses,
} from './failure.ts'
export { withFirstLines } from './first-lines.ts'
export { lfsPointerHint } from './lfs-pointer.ts'
export { named } from './named.ts'
export { failingTestIds, failingTests, formatSeconds, readExecution } from './read-execution.ts'
export { mentionsRefusedWrite } from './refused-write.ts'
export { mentionsStackedTree } from './stacked-tree.ts'
