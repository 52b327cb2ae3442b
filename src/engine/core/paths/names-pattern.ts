/** Whether a path has one of the names of a list. */
export interface NamesPattern {
  readonly test: (path: string) => boolean
}

/**
 * A list of names, without case: 'dir/' matches a directory anywhere in a path, other names match the file name; `*` inside a name.
 * Such a list is asked about every path of a tree, so names are looked up and not tried one after the other.
 */
export function namesPattern(names: string): NamesPattern {
  const words = lower(names).trim().split(/\s+/)
  const file = partPattern(words.filter((word) => !word.includes('/')))
  const directory = partPattern(words.filter((word) => /^[^/]+\/$/.test(word)).map((word) => word.slice(0, -1)))
  const long = words.filter((word) => /\/./.test(word))
  const pattern = long.length === 0 ? null : new RegExp(`(?:^|/)(?:${long.map(expression).join('|')})`)
  return {
    test(path) {
      const parts = lower(path).split('/')
      const last = parts.pop() ?? ''
      return file(last) || parts.some(directory) || (pattern?.test(lower(path)) ?? false)
    },
  }
}

/** Whether one part of a path is one of these words, in lower case. */
function partPattern(words: readonly string[]): (part: string) => boolean {
  const exact = new Set(words.filter((word) => !word.includes('*')))
  // Words with `*` by the letter that they end with, if they end with one, else by the one that they begin with.
  const [byEnd, byStart] = [new Map<string, string[][]>(), new Map<string, string[][]>()]
  for (const word of words) {
    if (!word.includes('*')) continue
    const [group, letter] = word.endsWith('*') ? [byStart, word.charAt(0)] : [byEnd, word.slice(-1)]
    group.set(letter, [...(group.get(letter) ?? []), word.split('*')])
  }
  const like = (part: string) => (pieces: readonly string[]) => consistsOf(part, pieces)
  return (part) =>
    exact.has(part) ||
    (byEnd.get(part.slice(-1))?.some(like(part)) ?? false) ||
    (byStart.get(part.charAt(0))?.some(like(part)) ?? false) ||
    (byStart.get('*')?.some(like(part)) ?? false)
}

/** Whether a text consists of these pieces in this order, with anything between them. */
function consistsOf(text: string, pieces: readonly string[]): boolean {
  const [first = '', last = ''] = [pieces[0], pieces.at(-1)]
  const end = text.length - last.length
  if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return false
  let at = first.length
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, at)
    if (found === -1 || found + piece.length > end) return false
    at = found + piece.length
  }
  return true
}

function expression(word: string): string {
  const text = word.replace(/[.+]/g, '\\$&').replaceAll('*', '[^/]*')
  return word.endsWith('/') ? text : `${text}$`
}

/** Only of the letters A to Z: names of tools have no others, and some others become one of these in lower case. */
function lower(text: string): string {
  return text.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase())
}
