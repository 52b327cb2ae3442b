/** Running a recorded proof again. */
export { finalTreeOf, mendOf, replayFlow } from './replay.ts'
