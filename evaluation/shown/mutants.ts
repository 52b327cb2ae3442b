/** A small change of one line that may be a bug. */
export interface Mutant {
  readonly path: string
  /** From 1. */
  readonly line: number
  readonly before: string
  readonly after: string
}

/** What is replaced in a line, the first that fits: kind → replacement. */
const RULES: readonly (readonly [RegExp, string])[] = [
  [/ <= /, ' < '],
  [/ >= /, ' > '],
  [/ < /, ' <= '],
  [/ > /, ' >= '],
  [/ == /, ' != '],
  [/ != /, ' == '],
  [/ is not /, ' is '],
  [/ not in /, ' in '],
  [/ and /, ' or '],
  [/ or /, ' and '],
  [/\bif not /, 'if '],
  [/ \+ /, ' - '],
  [/ - /, ' + '],
  [/ \* /, ' + '],
  [/\+= /, '-= '],
  [/\bTrue\b/, 'False'],
  [/\bFalse\b/, 'True'],
  [/\b0\b/, '1'],
  [/\b1\b/, '2'],
  [/\breturn (?!None)\S.*$/, 'return None'],
  [/\bbreak\b/, 'continue'],
]

/** The same for JavaScript, where something else is written otherwise. */
const SCRIPT_RULES: typeof RULES = [
  ...RULES.filter(([pattern]) => !/ is | in | and | or |not |True|False|None/.test(pattern.source)),
  [/ === /, ' !== '],
  [/ !== /, ' === '],
  [/ && /, ' || '],
  [/ \|\| /, ' && '],
  [/\bif \(!/, 'if ('],
  [/\btrue\b/, 'false'],
  [/\bfalse\b/, 'true'],
  [/\breturn (?!null)[^;{[(]+;?$/, 'return null'],
]

/** A repeatable row of numbers in [0, 1): xorshift, 32 bits. */
export function chance(seed: number): () => number {
  let state = seed >>> 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

/** Endless mutants of lines inside functions; lines: path → text and its numbers inside functions. Comments and strings are left alone as far as a line shows. */
export function* mutants(
  files: ReadonlyMap<string, { readonly text: string; readonly lines: readonly number[] }>,
  seed: number,
): Generator<Mutant> {
  const random = chance(seed)
  const places = [...files].flatMap(([path, { lines }]) => lines.map((line) => ({ path, line })))
  const seen = new Set<string>()
  while (seen.size < places.length) {
    const place = places[Math.floor(random() * places.length)]
    if (!place || seen.has(`${place.path}:${place.line}`)) continue
    seen.add(`${place.path}:${place.line}`)
    const before = files.get(place.path)?.text.split('\n')[place.line - 1] ?? ''
    const rules = /\.[cm]?[jt]sx?$/.test(place.path) ? SCRIPT_RULES : RULES
    if (/^\s*(?:#|"|'|>>>|\.\.\.|\/\/|\/?\*)|"""|'''/.test(before)) continue
    const offset = Math.floor(random() * rules.length)
    for (let at = 0; at < rules.length; at++) {
      const [pattern, replacement] = rules[(at + offset) % rules.length] ?? [/$^/, '']
      const found = pattern.exec(before)
      if (!found || quoted(before, found.index)) continue
      yield { ...place, before, after: before.replace(pattern, replacement) }
      break
    }
  }
}

function quoted(line: string, at: number): boolean {
  const head = line.slice(0, at)
  return head.includes('#') || (head.split('"').length - 1) % 2 === 1 || (head.split("'").length - 1) % 2 === 1
}
