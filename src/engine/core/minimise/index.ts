/** Making a change smaller while it still holds (delta debugging), and the pieces it is made of. */
export { hunksOf, type LineGroup, piecesOf, withGroups } from './hunks.ts'
export { minimiseBy, type PartsTest } from './minimise.ts'
