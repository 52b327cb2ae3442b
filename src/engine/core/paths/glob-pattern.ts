/**
 * A glob that was read. It is the same as a list of patterns without braces, each a list of components: a star (`**`), a name
 * that is compared as a whole, or a list of tokens.
 */
export type GlobPattern = readonly (readonly GlobComponent[])[]

export type GlobComponent =
  | { readonly is: 'star' }
  | { readonly is: 'name'; readonly text: string }
  | { readonly is: 'tokens'; readonly tokens: readonly GlobToken[]; readonly ownText: boolean }

/** Parts of a name; letters are UTF-16 units. */
export type GlobToken =
  | { readonly is: 'letter'; readonly letter: number }
  | { readonly is: 'one' }
  | { readonly is: 'star' }
  | LetterClass

/** `or`: the class matches its own text, too, because a file may be called `[id]` (`ownText` of a name: it holds such a class). */
export interface LetterClass {
  readonly is: 'class'
  readonly not: boolean
  readonly anyCase: boolean
  readonly ranges: readonly LetterRange[]
  readonly or: string | null
}

/** Both ends are included. */
export type LetterRange = readonly [first: number, last: number]

const MOST_ALTERNATIVES = 256
/** In characters, of all alternatives together. */
const MOST_TEXT = 65_536
const MOST_STARS = 3
const MOST_DEPTHS = 4

/**
 * Reads a glob; null: it is not valid, or has too many wildcards or alternatives. Takes time linear in its length. `deny`: it is
 * part of a deny-list, so its letters become those of `foldPath`.
 */
export function readGlob(glob: string, deny: boolean): GlobPattern | null {
  const whole = glob.endsWith('/') ? `${glob}**` : glob
  const tidy = whole
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')
  const alternatives = braces(tidy)
  if (alternatives === null) return null
  const read = alternatives.map((one) => componentsOf(one, deny))
  return read.some((one) => one === null) ? null : read.flatMap((one) => (one === null ? [] : [one]))
}

/** Letters as a file system compares them that ignores case and Unicode composition; each stays one UTF-16 unit. */
export function foldPath(path: string): string {
  return path
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\0-\x7f]/g, (letter) =>
      letter.toUpperCase().length === 1 ? letter.toUpperCase().toLowerCase() : letter,
    )
}

/** 'a.{b,c}' → 'a.b', 'a.c'; null: too many. A brace inside of braces, or one that is not closed, makes the rest literal. */
function braces(glob: string): readonly string[] | null {
  let all: readonly string[] = ['']
  const append = (words: readonly string[]): boolean => {
    if (all.length * words.length > MOST_ALTERNATIVES) return false
    all = all.flatMap((head) => words.map((word) => head + word))
    return all.reduce((sum, one) => sum + one.length, 0) <= MOST_TEXT
  }
  let literal = 0
  for (let from = 0; ; ) {
    const group = nextGroup(glob, from)
    if (group === null) return append([glob.slice(literal)]) ? all : null
    from = group.close + 1
    // Braces around one word are only text.
    if (group.words.length === 1) continue
    if (!append([glob.slice(literal, group.open)]) || !append(group.words)) return null
    literal = from
  }
}

interface BraceGroup {
  readonly open: number
  readonly close: number
  readonly words: readonly string[]
}

function nextGroup(glob: string, from: number): BraceGroup | null {
  let open = from
  while (open < glob.length && glob[open] !== '{') open += glob[open] === '\\' ? 2 : 1
  const words: string[] = []
  let start = open + 1
  for (let at = start; at < glob.length; at += glob[at] === '\\' ? 2 : 1) {
    const sign = glob[at]
    if (sign === '{') return null
    if (sign !== ',' && sign !== '}') continue
    words.push(glob.slice(start, at))
    start = at + 1
    if (sign === '}') return { open, close: at, words }
  }
  return null
}

function componentsOf(glob: string, deny: boolean): readonly GlobComponent[] | null {
  const parts = glob.split('/')
  const tooMany = parts.some((part) => (part.match(/\*+/g)?.length ?? 0) > MOST_STARS)
  if (glob === '' || tooMany || parts.filter((part) => part === '**').length > MOST_DEPTHS) return null
  const components: GlobComponent[] = []
  for (const part of parts) {
    // Braces may leave an empty name: in an allow-list it matches nothing, in a deny-list it narrows nothing.
    if (deny && (part === '' || part === '.')) continue
    if (part === '**' && components.at(-1)?.is === 'star') continue
    const component = part === '**' ? STAR : nameOf(part, deny)
    if (component === null) return null
    components.push(component)
  }
  return atEnd(components, deny)
}

const STAR = { is: 'star' } as const
const ANY_NAME = { is: 'tokens', tokens: [STAR], ownText: false } as const

/**
 * At the end of a pattern `**` stands for one component or more. A deny-list also denies everything below what it names, and
 * with `secrets/**` a file in the place of the directory, but only if the name of the directory does not end with a star.
 */
function atEnd(components: readonly GlobComponent[], deny: boolean): readonly GlobComponent[] {
  const [before, last] = components.slice(-2)
  if ((last ?? before)?.is !== 'star') return deny ? [...components, STAR] : components
  const open = last === undefined || (before?.is === 'tokens' && before.tokens.at(-1)?.is === 'star')
  return deny && !open ? components : [...components, ANY_NAME, ...(deny ? [STAR] : [])]
}

/** `\x`, a class, a run of stars, or any other character. */
const PART = /\\([\s\S])|\[([!^]?)([^\]]+)\]|(\*+)|([\s\S])/g

function nameOf(part: string, deny: boolean): GlobComponent | null {
  const fold = deny ? foldPath : (text: string) => text
  const tokens: GlobToken[] = []
  let text = ''
  for (const [whole, escaped, not, inside, stars, other = ''] of part.matchAll(PART)) {
    if (inside !== undefined) {
      const ranges = rangesOf(inside)
      if (ranges === null) return null
      const or = not === '' && !SPECIAL.test(inside) ? fold(whole) : null
      tokens.push({ is: 'class', not: not !== '', anyCase: deny, ranges, or })
    } else if (stars !== undefined) tokens.push(STAR)
    else if (escaped === undefined && other === '?') tokens.push({ is: 'one' })
    else {
      const letters = fold(escaped ?? other)
      text += letters
      for (let at = 0; at < letters.length; at++) tokens.push({ is: 'letter', letter: letters.charCodeAt(at) })
    }
  }
  if (tokens.every(({ is }) => is === 'letter')) return { is: 'name', text }
  return { is: 'tokens', tokens, ownText: tokens.some((token) => token.is === 'class' && token.or !== null) }
}

/** Characters with which a class is not likely to be the name of a file. */
const SPECIAL = /[-*+?.^${}(|)[\]\\]/

/** 'xa-c' → a-c, x-x; null: a range is the wrong way round. */
function rangesOf(inside: string): readonly LetterRange[] | null {
  const ranges: LetterRange[] = []
  for (let at = 0; at < inside.length; at++) {
    const isRange = inside[at + 1] === '-' && at + 2 < inside.length
    const [first, last] = [inside.charCodeAt(at), inside.charCodeAt(isRange ? at + 2 : at)]
    if (last < first) return null
    ranges.push([first, last])
    if (isRange) at += 2
  }
  return merged(ranges)
}

function merged(ranges: readonly LetterRange[]): LetterRange[] {
  const all: [number, number][] = []
  for (const [first, last] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const before = all.at(-1)
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last)
    else all.push([first, last])
  }
  return all
}
