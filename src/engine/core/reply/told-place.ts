import type { IndexedFile } from './align-lines.ts'
import { definedName } from './definitions.ts'
import type { HunkFit } from './hunk-fit.ts'

/**
 * True if the prose before a hunk speaks of another of its places than the one that its header chose: by a line number, or by
 * the name of the function there. Such a hunk has no single place.
 */
export function speaksOfAnother(
  indexedFile: IndexedFile,
  near: readonly string[],
  chosen: HunkFit,
  others: readonly HunkFit[],
): boolean {
  const prose = near.join('\n')
  const lines = [...prose.matchAll(/\blines? (\d{1,7})\b/gi)].map(([, line]) => Number(line))
  const covers = (fit: HunkFit): boolean => lines.some((line) => fit.first < line && line <= fit.last + 1)
  const named = (fit: HunkFit): boolean => names(prose, functionAt(indexedFile, fit))
  return [covers, named].some((says) => !says(chosen) && others.some(says))
}

/** The function whose first line is the nearest one above a place. */
function functionAt({ text }: IndexedFile, fit: HunkFit): string | null {
  for (let at = fit.edits[0]?.at ?? fit.first; at >= 0; at -= 1) {
    const name = definedName(text.lines, at)
    if (name !== null) return name
  }
  return null
}

function names(prose: string, name: string | null): boolean {
  if (name === null) return false
  const plain = name.replaceAll('$', '\\$')
  return new RegExp(
    `\`[\\w.]*\\b${plain}(?:\\([^)]*\\))?\`|\\b${plain}\\(|\\b(?:function|method) ${plain}\\b|\\b${plain} (?:function|method)\\b`,
  ).test(prose)
}
