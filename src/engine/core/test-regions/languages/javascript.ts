import { itemEnd } from '../item-end.ts'
import { markFrom, type RegionLanguage } from '../language.ts'

/** The block that runs only under vitest. */
export const javascript: RegionLanguage = {
  files: /\.(?:[cm]?[jt]sx?|vue|svelte)$/,
  mark: (lines) =>
    markFrom(
      lines,
      (line) => /\bif\s*\(\s*import\.meta\.vitest\b/.test(line),
      (at) => itemEnd(lines, at),
    ),
}
