/** What one execution of a command means, and whether two failures are the same. */
export { type Failure, headline, sameFailure, sameMessage, sameWords, withoutAddresses } from './failure.ts'
export { named } from './named.ts'
export { failing, read, seconds } from './reading.ts'
export { saysRefusedWrite } from './refused-write.ts'
export { readPointer } from './unfiltered.ts'
