import type { Page } from './align.ts'
import { isBlank, leadOf, looseKey } from './loose-keys.ts'

/** Lines of the file, 0-based, both ends included. */
export interface Extent {
  readonly first: number
  readonly last: number
}

/** The block that scope lines name, outermost first; null where a line is not found or found twice. */
export function extentOf(page: Page, scopes: readonly string[]): Extent | null {
  if (scopes.length === 0) return null
  let extent: Extent = { first: 0, last: page.keys.length - 1 }
  for (const scope of scopes) {
    const line = onlyLine(page, looseKey(scope), extent)
    if (line === null) return null
    extent = { first: line, last: Math.min(extent.last, blockEnd(page, line)) }
  }
  return extent
}

/** The one line that is, or starts with, or holds this text. */
function onlyLine(page: Page, scope: string, within: Extent): number | null {
  const tests: ((key: string) => boolean)[] = [
    (key) => key === scope,
    (key) => key.startsWith(scope),
    (key) => key.includes(scope),
  ]
  for (const test of tests) {
    const lines: number[] = []
    for (let at = within.first; at <= within.last; at += 1) if (test(page.keys[at] ?? '')) lines.push(at)
    if (lines.length > 0) return lines.length === 1 ? (lines[0] ?? null) : null
  }
  return null
}

/** The last line of the block that starts here, by indent; a closing bracket or 'end' belongs to it. */
function blockEnd(page: Page, line: number): number {
  const width = widthOf(page, line)
  let end = line
  for (let at = line + 1; at < page.keys.length; at += 1) {
    if (isBlank(page.text.lines[at] ?? '')) continue
    const inside = widthOf(page, at) > width
    if (!inside && !/^([)\]}]|end\b)/.test(page.keys[at] ?? '') && !(at === line + 1 && page.keys[at] === '{')) break
    end = at
    if (!inside && page.keys[at] !== '{' && !/^[)\]}].*[{([:]$/.test(page.keys[at] ?? '')) break
  }
  return end
}

function widthOf(page: Page, line: number): number {
  return leadOf(page.text.lines[line] ?? '').replaceAll('\t', '    ').length
}
