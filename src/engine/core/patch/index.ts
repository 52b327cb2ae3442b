/** Patches: lines and their differences, the printed form, quoted paths and counts. */
export { byteString, bytesOf, diffLines, isBinary, type Splice, sameSplice, spliced, splitLines } from './lines.ts'
export type { PatchFile, PatchHunk, PatchLine } from './patch.ts'
export { headerPath, plainPath, unsafePath } from './path.ts'
export { grouped, printPatch } from './print.ts'
export { samePath, unquotePath } from './quote.ts'
export { stat } from './stat.ts'
