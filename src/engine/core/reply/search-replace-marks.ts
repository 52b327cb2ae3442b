/** The line that opens a SEARCH/REPLACE block; a path may follow it. */
export const OPEN = /^\s*(?:<{3,12}|-{5,12}) ?(?:SEARCH|ORIGINAL|OLD|BEFORE|FIND)\b:?\s*(.*?)\s*>?$/i
export const MIDDLE = /^\s*(?:={3,12}|(?:={5,12} ?)?REPLACE WITH)\s*$/i
export const CLOSE = /^\s*(?:(?:>{3,12}|\+{5,12}) ?(?:REPLACE|UPDATED|NEW|AFTER|MODIFIED)\b|>{5,12}\s*$)/i

/**
 * Whether a fence surrounds one half of a SEARCH/REPLACE block; such a fence belongs to the block. `open`: the line is inside
 * a block.
 */
export function fencesHalf(lines: readonly string[], at: number, open: boolean): boolean {
  const before = lines[at - 1] ?? ''
  const after = lines[at + 1] ?? ''
  return open && (OPEN.test(before) || MIDDLE.test(before) || MIDDLE.test(after) || CLOSE.test(after))
}
