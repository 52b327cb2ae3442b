/** Which known word a mistyped one is meant to be. Commands load it without the rest of the engine. */
export { nearest } from './nearest.ts'
