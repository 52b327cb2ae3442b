/** Files of patches: one patch and what it is about in each line. */
export { readPatchLine } from './read-patch-line.ts'
