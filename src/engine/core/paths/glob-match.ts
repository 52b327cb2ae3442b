import type { GlobComponent, GlobPattern, GlobToken, LetterRange } from './glob-pattern.ts'

/** Called with the number of steps that a comparison took. */
export type SpendSteps = (steps: number) => void

/**
 * Whether a pattern matches a path, given by its components; for a deny-list, the letters of both are folded. Takes time linear
 * in pattern x path.
 */
export function matchesGlob(pattern: GlobPattern, path: readonly string[], spend: SpendSteps): boolean {
  return pattern.some((components) =>
    matchesInTurn(components, path.length, spend, (component, at) => matchesName(component, path[at] ?? '', spend)),
  )
}

/**
 * Whether items match `length` places in turn, where a star matches any number of places. Two pointers: after a mismatch, only
 * the last star takes one place more, so an item and a place meet at most once.
 */
function matchesInTurn<T extends { readonly is: string }>(
  items: readonly T[],
  length: number,
  spend: SpendSteps,
  matches: (item: Exclude<T, { is: 'star' }>, at: number) => boolean,
): boolean {
  let [item, place, steps] = [0, 0, 1]
  let [star, taken] = [-1, 0]
  while (place < length) {
    steps++
    const next = items[item]
    if (next?.is === 'star') {
      star = item++
      taken = place
    } else if (next !== undefined && matches(next as Exclude<T, { is: 'star' }>, place)) {
      item++
      place++
    } else if (star >= 0) {
      item = star + 1
      place = ++taken
    } else break
  }
  spend(steps)
  if (place < length) return false
  while (items[item]?.is === 'star') item++
  return item === items.length
}

function matchesName(component: Exclude<GlobComponent, { is: 'star' }>, name: string, spend: SpendSteps): boolean {
  if (component.is === 'name') return component.text === name
  const { tokens } = component
  // A class that also matches its own text may take several letters, but only if the name holds such a text.
  if (component.ownText && name.includes('[')) return matchesByTable(tokens, name, spend)
  return matchesInTurn(tokens, name.length, spend, (token, at) => matchesLetter(token, name.charCodeAt(at)))
}

type LetterToken = Exclude<GlobToken, { is: 'star' }>

/** The same by a table of the places that the tokens so far can reach; a token may take several letters. */
function matchesByTable(tokens: readonly GlobToken[], name: string, spend: SpendSteps): boolean {
  let ends = new Uint8Array(name.length + 1)
  ends[0] = 1
  for (const token of tokens) {
    spend(ends.length)
    const next = new Uint8Array(ends.length)
    const first = ends.indexOf(1)
    if (token.is === 'star' && first >= 0) next.fill(1, first)
    for (let at = first; token.is !== 'star' && at !== -1; at = ends.indexOf(1, at + 1)) {
      if (at < name.length && matchesLetter(token, name.charCodeAt(at))) next[at + 1] = 1
      if (token.is === 'class' && token.or !== null && name.startsWith(token.or, at)) next[at + token.or.length] = 1
    }
    ends = next
  }
  return ends[name.length] === 1
}

function matchesLetter(token: LetterToken, letter: number): boolean {
  switch (token.is) {
    case 'one':
      return true
    case 'letter':
      return token.letter === letter
    case 'class':
      return (isInside(token.ranges, letter) || (token.anyCase && isInside(token.ranges, upper(letter)))) !== token.not
  }
}

/** Folded letters are lower case, but the ranges of a class are as they were written. */
function upper(letter: number): number {
  return String.fromCharCode(letter).toUpperCase().charCodeAt(0)
}

/** Ranges are in order and do not overlap. */
function isInside(ranges: readonly LetterRange[], letter: number): boolean {
  let [low, high] = [0, ranges.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ranges[middle]?.[1] ?? 0) < letter) low = middle + 1
    else high = middle
  }
  return (ranges[low]?.[0] ?? Number.POSITIVE_INFINITY) <= letter
}
