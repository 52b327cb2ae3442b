/** The texts of the failing tests: their files, the data that they read, the output of the failing run. */
export interface TestTexts {
  /** The paths of all tracked files that are judges. */
  readonly paths: readonly string[]
  /** Whether the tests hold this value: a number, a whole string in quotes, or a longer part of a text, word by word. */
  holds(value: string): boolean
}

const WORD = /[\p{L}\p{N}_]+(?:\.\d+)?/gu
/** In characters; more of the tests is not read. */
const MOST = 1_000_000
/** A search through all texts takes about a millisecond. */
const MOST_SEARCHES = 1000
/** A part of a text has to be this long to be recognised without quotes around it. */
const LONG_PART = 8
const LONG_WORD = 4

export function testTexts(paths: readonly string[], texts: readonly string[]): TestTexts {
  const all = texts.join('\n').slice(0, MOST)
  const words = all.match(WORD) ?? []
  const line = ` ${words.join(' ')} `
  const known = new Set(words)
  const strings = new Set([...all.matchAll(/(['"`])((?:(?!\1)[^\\\n]|\\.)*)\1/g)].map(([, , value]) => value ?? ''))
  const inStrings = new Set([...strings].flatMap((value) => value.match(WORD) ?? []))
  let searches = 0
  const inAll = (text: string, part: string) => {
    searches += 1
    return searches <= MOST_SEARCHES && text.includes(part)
  }
  return {
    paths,
    holds(value) {
      // '127x3' holds two numbers.
      const parts = value.replace(/(?<=\d)[a-z_](?=\d)/gi, ' ').match(WORD) ?? []
      if (/^-?\d+(?:\.\d+)?$/.test(value)) return known.has(value.replace(/^-/, ''))
      if (strings.has(value)) return true
      if (parts.length === 1 && value.length >= LONG_WORD && inStrings.has(parts[0] ?? '')) return true
      if (parts.length < 2) return value.length >= LONG_PART && inAll(all, value)
      return parts.every((part) => known.has(part)) && inAll(line, ` ${parts.join(' ')} `)
    },
  }
}
