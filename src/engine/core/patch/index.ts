/** Patches: lines and their differences, the printed form, quoted paths and counts. */
export { applySplices, byteString, bytesOf, diffLines, isBinary, type Splice, sameSplice, splitLines } from './lines.ts'
export type { PatchFile, PatchHunk, PatchLine } from './patch.ts'
export { headerPath, plainPath, unsafePath } from './path.ts'
export { groupSplices, printPatch } from './print.ts'
export { samePath, unquotePath } from './quote.ts'
export { diffStat } from './stat.ts'
