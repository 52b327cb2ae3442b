/** What adapters share; knows node alone. */
export { removeTree } from './remove-tree.ts'
export { walk } from './walk.ts'
