import { isCalled, isMember, isName, type Source, sameLine, word } from './shape.ts'

/** How a name is used around; names that are used alike can stand for each other. */
export interface Use {
  readonly name: string
  readonly count: number
  readonly ways: ReadonlySet<string>
}

/** The names of a function, by what they are: variables, functions called, attributes read, methods called. */
export interface Scope {
  readonly variables: ReadonlyMap<string, Use>
  readonly functions: ReadonlyMap<string, Use>
  readonly attributes: ReadonlyMap<string, Use>
  readonly methods: ReadonlyMap<string, Use>
}

export type Sort = keyof Scope

export function sortOf(source: Source, at: number): Sort {
  if (isMember(source, at)) return isCalled(source, at) ? 'methods' : 'attributes'
  return isCalled(source, at) ? 'functions' : 'variables'
}

// More make more candidates, not better ones.
const MAX_NAMES = 30

/** The names among these tokens, the frequent ones first. */
export function scopeOf(source: Source, places: readonly number[]): Scope {
  const found: Record<Sort, Map<string, Use & { count: number; ways: Set<string> }>> = {
    variables: new Map(),
    functions: new Map(),
    attributes: new Map(),
    methods: new Map(),
  }
  for (const at of places) {
    if (!isName(source, at)) continue
    if (['def', 'class', 'import', 'function', 'func', 'fn'].includes(word(source, at - 1))) continue
    // Two names in a row: the first one is a type.
    if (sameLine(source, at + 1) && isName(source, at + 1)) continue
    const sort = found[sortOf(source, at)]
    const name = word(source, at)
    const use = sort.get(name) ?? { name, count: 0, ways: new Set<string>() }
    use.count++
    for (const way of waysOf(source, at)) use.ways.add(way)
    sort.set(name, use)
  }
  const often = (uses: ReadonlyMap<string, Use>): ReadonlyMap<string, Use> =>
    new Map([...uses].sort(([, a], [, b]) => b.count - a.count).slice(0, MAX_NAMES))
  return {
    variables: often(found.variables),
    functions: often(found.functions),
    attributes: often(found.attributes),
    methods: often(found.methods),
  }
}

const ARITHMETIC = new Set(['+', '-', '*', '/', '//', '%', '**', '+=', '-=', '*=', '<', '>', '<=', '>='])

/** What the neighbours of a name say about its type. */
function waysOf(source: Source, at: number): string[] {
  const [before, after] = [word(source, at - 1), word(source, at + 1)]
  const ways: string[] = []
  if (after === '[') ways.push('indexed')
  if (after === '.' || after === '?.' || after === '->') ways.push('object', `.${word(source, at + 2)}`)
  if (ARITHMETIC.has(before) || ARITHMETIC.has(after)) ways.push('number')
  if (before === '[' && after === ']') ways.push('index')
  if (before === 'in' || before === 'of') ways.push('iterated')
  if (before === '(' || before === ',') ways.push(`argument ${calleeOf(source, at)}`)
  return ways
}

function calleeOf(source: Source, at: number): string {
  for (let back = at - 1, steps = 0; back >= 0 && steps < 30; back--, steps++) {
    const pair = source.pairs[back] ?? -1
    if (pair > at) return word(source, back - 1)
    if (pair >= 0 && pair < back) back = pair
  }
  return ''
}

/** 0 = used in no common way, 1 = in the same ways. */
export function likeness(a: Use | undefined, b: Use): number {
  if (a === undefined || a.ways.size === 0 || b.ways.size === 0) return 0.3
  let common = 0
  for (const way of a.ways) if (b.ways.has(way)) common++
  return common / Math.sqrt(a.ways.size * b.ways.size)
}
