export type Variables = ReadonlyMap<string, string>

/** What words are expanded with. `work`: how many characters may still be produced in total. */
export interface Scope {
  readonly variables: Variables
  readonly work: { left: number }
}

/** More than the makefiles of any project need, and less than a second of work. */
export const MOST_WORK = 1_000_000

/** Variables that make itself sets. */
const OWN: Variables = new Map([
  ['CC', 'cc'],
  ['CXX', 'c++'],
  ['MAKE', 'make'],
  ['AR', 'ar'],
  ['RM', 'rm -f'],
  ['SHELL', 'sh'],
  ['CURDIR', '.'],
])
const DEEPEST = 12
const LONGEST = 65_536
const MOST_FORMS = 100

/** The words that a text of a makefile expands to. */
export function expanded(text: string, scope: Scope): string[] {
  return words(expand(text, scope))
}

/** Replaces variables by their values, as far as this is unambiguous; what only a shell could tell becomes ''. Never throws. */
export function expand(text: string, scope: Scope, depth = 0): string {
  if (depth > DEEPEST || scope.work.left <= 0) return ''
  let out = ''
  for (let at = 0; at < text.length && out.length < LONGEST; at++) {
    const [char, next = ''] = [text[at], text[at + 1]]
    if (char !== '$') out += char
    else if (next === '(' || next === '{') {
      const end = closes(text, at + 1)
      out += reference(text.slice(at + 2, end), scope, depth + 1)
      at = end
    } else {
      out += next === '$' ? '$' : value(next, scope, depth + 1)
      at++
    }
  }
  scope.work.left -= out.length + 10
  return out
}

function value(name: string, scope: Scope, depth: number): string {
  return expand(scope.variables.get(name) ?? OWN.get(name) ?? '', scope, depth)
}

/** Expands the inside of `$(…)`: a name, a name with another ending, or a function. */
function reference(inner: string, scope: Scope, depth: number): string {
  const [, name = '', rest = ''] = /^([a-z-]+)\s+(.*)$/s.exec(inner) ?? []
  const known = FUNCTIONS[name]
  if (known) return known(parameters(rest).map((one) => expand(one, scope, depth)))
  if (name !== '') return ''
  const [, base, from = '', to = ''] = /^([^:]+):([^=]*)=(.*)$/s.exec(inner) ?? []
  if (base === undefined) {
    const plain = expand(inner, scope, depth)
    return /^[@<^+?*][DF]$/.test(plain) ? part(value(plain[0] ?? '', scope, depth), plain) : value(plain, scope, depth)
  }
  const [old, fresh] = from.includes('%') ? [from, to] : [`%${from}`, `%${to}`]
  return each(value(base, scope, depth), (word) => renamed(word, old, expand(fresh, scope, depth)))
}

const part = (said: string, of: string) => each(said, of.endsWith('D') ? directory : file)
const each = (said: string, change: (word: string) => string) => words(said).map(change).join(' ')
const words = (said: string) => said.split(/\s+/).filter((word) => word !== '')
const file = (word: string) => word.slice(word.lastIndexOf('/') + 1)
const directory = (word: string) => (word.includes('/') ? word.slice(0, word.lastIndexOf('/') + 1) : './')

/** Wildcards are not expanded here; files are matched with them later. */
const FUNCTIONS: Readonly<Record<string, (given: readonly string[]) => string>> = {
  wildcard: ([said = '']) => said,
  sort: ([said = '']) => said,
  strip: ([said = '']) => said,
  abspath: ([said = '']) => said,
  realpath: ([said = '']) => said,
  notdir: ([said = '']) => each(said, file),
  dir: ([said = '']) => each(said, directory),
  basename: ([said = '']) => each(said, (word) => word.replace(/\.[^./]*$/, '')),
  addprefix: ([front = '', said = '']) => each(said, (word) => front.trim() + word),
  addsuffix: ([end = '', said = '']) => each(said, (word) => word + end.trim()),
  subst: ([from = '', to = '', said = '']) => (from === '' ? said : said.replaceAll(from, to)),
  patsubst: ([from = '', to = '', said = '']) => each(said, (word) => renamed(word, from.trim(), to.trim())),
  filter: ([of = '', said = '']) => chosen(said, of, true),
  'filter-out': ([of = '', said = '']) => chosen(said, of, false),
  if: ([, yes = '', no = '']) => `${yes} ${no}`,
}

function chosen(said: string, of: string, wanted: boolean): string {
  const forms = words(of).slice(0, MOST_FORMS)
  const fits = (word: string) => forms.some((form) => stem(word, form) !== null)
  return words(said)
    .filter((word) => fits(word) === wanted)
    .join(' ')
}

function renamed(word: string, from: string, to: string): string {
  const found = stem(word, from)
  return found === null ? word : to.replace('%', () => found)
}

/** The text that the `%` of a pattern stands for; null: the word does not match the pattern. */
export function stem(word: string, form: string): string | null {
  const at = form.indexOf('%')
  if (at === -1) return word === form ? '' : null
  const [front, end] = [form.slice(0, at), form.slice(at + 1)]
  const fits = word.length >= front.length + end.length && word.startsWith(front) && word.endsWith(end)
  return fits ? word.slice(front.length, word.length - end.length) : null
}

function parameters(text: string): string[] {
  const found = ['']
  let depth = 0
  for (const char of text) {
    if (char === '(' || char === '{') depth++
    else if (char === ')' || char === '}') depth--
    if (char === ',' && depth === 0) found.push('')
    else found[found.length - 1] += char
  }
  return found
}

/** The index at which the bracket that opens at `from` is closed. */
function closes(text: string, from: number): number {
  const [open, close] = text[from] === '(' ? ['(', ')'] : ['{', '}']
  let depth = 0
  for (let at = from; at < text.length; at++) {
    if (text[at] === open) depth++
    else if (text[at] === close && --depth === 0) return at
  }
  return text.length
}
