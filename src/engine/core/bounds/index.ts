/** The limits of memory, processor, processes and disk: how they are written and what is said when one is met. */
export { bytesOfSize, KEY_OF_BOUND, metBound, notBounded, spellBytes } from './bounds.ts'
