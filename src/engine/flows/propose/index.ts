/** The loop of `git pp run`: ask, apply, run, and try again. */
export { promptFlow, runFlow } from './run.ts'
