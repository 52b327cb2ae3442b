/** In characters. A longer sentence is no prose, or nothing that a rule could read. */
const LONGEST = 600

/**
 * The sentences of a text without its marks of emphasis and of lists, in lower case. A line that ends with a colon, a heading and
 * an item of a list are sentences.
 */
export function sentencesOf(lines: readonly string[]): string[] {
  return lines
    .join('\n')
    .split(/\n\s*\n|\n(?=\s*(?:[-*#>]|\d+[.)]))|(?<=[.!?:])\s+|(?<=[.!?:][*_)"]{1,3})\s+/)
    .map(plain)
    .filter((sentence) => sentence !== '' && sentence.length <= LONGEST)
}

function plain(sentence: string): string {
  return sentence
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)/g, '')
    .replace(/^[\s#>(-]+|^\d+[.)]\s+|\s+$/g, '')
    .replace(/\s+/g, ' ')
    .toLowerCase()
}

/** The pieces of a sentence that are marked as code. */
export function codeIn(sentence: string): string[] {
  return [...sentence.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code.trim())
}
