import { type NameSort, nameSortOf, usageSimilarity } from '../names-in-scope.ts'
import { type RepairTemplate, replaceTokens } from '../repair-template.ts'
import { isName, tokenText } from '../tokenized-file.ts'

const RULES: Readonly<Record<NameSort, string>> = {
  variables: 'name.variable',
  functions: 'name.function',
  attributes: 'name.attribute',
  methods: 'name.method',
}

/** Another name of the same kind; names that are used alike come first. */
export const name: RepairTemplate = function* (site) {
  const { source, at } = site
  if (!isName(source, at) || tokenText(source, at - 1) === 'def') return
  const sort = nameSortOf(source, at)
  const own = site.around.scope[sort].get(tokenText(source, at))
  const others = [...site.around.scope[sort].values()].filter((use) => use.name !== own?.name)
  const ranked = others
    .map((use) => ({ use, like: usageSimilarity(own, use) }))
    .sort((a, b) => b.like - a.like || b.use.count - a.use.count)
  const stored = sort === 'variables' && ['=', '+=', '-='].includes(tokenText(source, at + 1))
  for (const { use, like } of ranked) {
    yield replaceTokens(site, at, at, use.name, stored ? 'name.stored' : RULES[sort], 0.6 + 0.4 * like)
  }
}

const PAIRS = `min max, any all, first last, left right, start end, lower upper, append extend, push unshift, pop shift,
  floor ceil, floor round, ceil round, startswith endswith, startsWith endsWith, lstrip rstrip, strip rstrip, strip lstrip,
  find rfind, index rindex, indexOf lastIndexOf, split rsplit, keys values, items values, keys items, add remove, add sub,
  append insert, union intersection, head tail, next prev, begin end, width height, row col, rows cols, x y, push pop,
  isalpha isalnum, isdigit isnumeric, isupper islower, toLowerCase toUpperCase, some every, map filter, get set, remove discard, pop popleft, appendleft append, log log2, sin cos, add update, trimStart trimEnd, slice splice, Min Max, HasPrefix HasSuffix, ToLower ToUpper, issubset
  issuperset, read readline, next previous, before after, low high, lo hi, top bottom, increment decrement`
const PYTHON_PAIRS = 'min len, sum len, sum max, sorted reversed, sorted set, int float, int round'
const COMMON = partners(PAIRS)
const PYTHON = partners(`${PAIRS}, ${PYTHON_PAIRS}`)

function partners(pairs: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const pair of pairs.split(',')) {
    const [a = '', b = ''] = pair.trim().split(/\s+/)
    found.set(a, [...(found.get(a) ?? []), b])
    found.set(b, [...(found.get(b) ?? []), a])
  }
  return found
}

/** `max` for `min`, `all` for `any`: words that programmers confuse. */
export const opposite: RepairTemplate = function* (site) {
  const { source, at } = site
  const table = source.family === 'python' ? PYTHON : COMMON
  for (const other of table.get(tokenText(source, at)) ?? []) {
    const sort = nameSortOf(source, at)
    // A variable of that name must exist; functions and methods of that name usually do.
    if ((sort === 'variables' || sort === 'attributes') && !site.around.scope[sort].has(other)) continue
    yield replaceTokens(site, at, at, other, 'name.opposite')
  }
}
