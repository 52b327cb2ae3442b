import { isCalled, isMember, isName, sameLine, type TokenizedFile, tokenText } from './tokenized-file.ts'

/** How a name is used in its surroundings; names that are used alike can replace each other. */
export interface NameUse {
  readonly name: string
  readonly count: number
  readonly ways: ReadonlySet<string>
}

/** The names in a function by their kind: variables, called functions, read attributes, called methods. */
export interface NamesInScope {
  readonly variables: ReadonlyMap<string, NameUse>
  readonly functions: ReadonlyMap<string, NameUse>
  readonly attributes: ReadonlyMap<string, NameUse>
  readonly methods: ReadonlyMap<string, NameUse>
}

export type NameSort = keyof NamesInScope

export function nameSortOf(source: TokenizedFile, at: number): NameSort {
  if (isMember(source, at)) return isCalled(source, at) ? 'methods' : 'attributes'
  return isCalled(source, at) ? 'functions' : 'variables'
}

// More names give more candidates, but no better ones.
const MAX_NAMES = 30

/** The names among these tokens, the frequent ones first. */
export function scopeOf(source: TokenizedFile, places: readonly number[]): NamesInScope {
  const found: Record<NameSort, Map<string, NameUse & { count: number; ways: Set<string> }>> = {
    variables: new Map(),
    functions: new Map(),
    attributes: new Map(),
    methods: new Map(),
  }
  for (const at of places) {
    if (!isName(source, at)) continue
    if (['def', 'class', 'import', 'function', 'func', 'fn'].includes(tokenText(source, at - 1))) continue
    // In two adjacent names, the first one is a type.
    if (sameLine(source, at + 1) && isName(source, at + 1)) continue
    const sort = found[nameSortOf(source, at)]
    const name = tokenText(source, at)
    const use = sort.get(name) ?? { name, count: 0, ways: new Set<string>() }
    use.count++
    for (const way of waysOf(source, at)) use.ways.add(way)
    sort.set(name, use)
  }
  const often = (uses: ReadonlyMap<string, NameUse>): ReadonlyMap<string, NameUse> =>
    new Map([...uses].sort(([, a], [, b]) => b.count - a.count).slice(0, MAX_NAMES))
  return {
    variables: often(found.variables),
    functions: often(found.functions),
    attributes: often(found.attributes),
    methods: often(found.methods),
  }
}

const ARITHMETIC = new Set(['+', '-', '*', '/', '//', '%', '**', '+=', '-=', '*=', '<', '>', '<=', '>='])

/** What the tokens next to a name say about its type. */
function waysOf(source: TokenizedFile, at: number): string[] {
  const [before, after] = [tokenText(source, at - 1), tokenText(source, at + 1)]
  const ways: string[] = []
  if (after === '[') ways.push('indexed')
  if (after === '.' || after === '?.' || after === '->') ways.push('object', `.${tokenText(source, at + 2)}`)
  if (ARITHMETIC.has(before) || ARITHMETIC.has(after)) ways.push('number')
  if (before === '[' && after === ']') ways.push('index')
  if (before === 'in' || before === 'of') ways.push('iterated')
  if (before === '(' || before === ',') ways.push(`argument ${calleeOf(source, at)}`)
  return ways
}

function calleeOf(source: TokenizedFile, at: number): string {
  for (let back = at - 1, steps = 0; back >= 0 && steps < 30; back--, steps++) {
    const pair = source.pairs[back] ?? -1
    if (pair > at) return tokenText(source, back - 1)
    if (pair >= 0 && pair < back) back = pair
  }
  return ''
}

/** 0 = used in no common way, 1 = in the same ways. */
export function usageSimilarity(a: NameUse | undefined, b: NameUse): number {
  if (a === undefined || a.ways.size === 0 || b.ways.size === 0) return 0.3
  let common = 0
  for (const way of a.ways) if (b.ways.has(way)) common++
  return common / Math.sqrt(a.ways.size * b.ways.size)
}
