import type { IndexedFile } from './align-lines.ts'
import { definedName } from './definitions.ts'
import { indentOf, isBlank, looseKey } from './loose-keys.ts'

/** Lines of the file, 0-based, both ends included. */
export interface ScopeLines {
  readonly first: number
  readonly last: number
}

/** The block that scope lines name, outermost first; null where a line is not found or found twice. */
export function scopeLinesOf(indexedFile: IndexedFile, scopes: readonly string[]): ScopeLines | null {
  if (scopes.length === 0) return null
  let extent: ScopeLines = { first: 0, last: indexedFile.keys.length - 1 }
  for (const scope of scopes) {
    const line = onlyLine(indexedFile, looseKey(scope), extent)
    if (line === null) return null
    extent = { first: line, last: Math.min(extent.last, blockEnd(indexedFile, line)) }
  }
  return extent
}

/** The only line that equals, starts with, or contains this text. */
function onlyLine(indexedFile: IndexedFile, scope: string, within: ScopeLines): number | null {
  const tests: ((key: string, at: number) => boolean)[] = [
    (key) => key === scope,
    (_, at) => definedName(indexedFile.text.lines, at) === scope,
    (key) => key.startsWith(scope),
    (key) => key.includes(scope),
  ]
  for (const test of tests) {
    const lines: number[] = []
    for (let at = within.first; at <= within.last; at += 1) if (test(indexedFile.keys[at] ?? '', at)) lines.push(at)
    if (lines.length > 0) return lines.length === 1 ? (lines[0] ?? null) : null
  }
  return null
}

/** The last line of the block that starts here, by indent; a closing bracket or 'end' belongs to it. */
export function blockEnd(indexedFile: IndexedFile, line: number): number {
  const width = widthOf(indexedFile, line)
  let end = line
  for (let at = line + 1; at < indexedFile.keys.length; at += 1) {
    if (isBlank(indexedFile.text.lines[at] ?? '')) continue
    const inside = widthOf(indexedFile, at) > width
    if (
      !inside &&
      !/^([)\]}]|end\b)/.test(indexedFile.keys[at] ?? '') &&
      !(at === line + 1 && indexedFile.keys[at] === '{')
    )
      break
    end = at
    if (!inside && indexedFile.keys[at] !== '{' && !/^[)\]}].*[{([:]$/.test(indexedFile.keys[at] ?? '')) break
  }
  return end
}

function widthOf(indexedFile: IndexedFile, line: number): number {
  return indentOf(indexedFile.text.lines[line] ?? '').replaceAll('\t', '    ').length
}
