import type { FunctionSlice } from '../../model/trace.ts'

/** The words of a text that may be names. */
export function identifiers(text: string): Set<string> {
  return new Set(text.match(/[A-Za-z_$][\w$]*/g) ?? [])
}

/** What stands in quotes of one line, or in three of them. */
const STRINGS = /("""|''')[\s\S]*?\1|(["'`])(?:\\.|(?!\2)[^\\\n])*\2/g

/** The words of a program that may be names, without what stands in its strings. */
export function identifiersOutsideStrings(text: string): Set<string> {
  return identifiers(text.replace(STRINGS, ' '))
}

/** In characters: shorter parts of words say nothing. */
const SHORTEST = 3

/** The parts of the words of a text, in lower case: 'parseArrayLimit' and 'array_limit' share two. */
export function wordParts(text: string): Set<string> {
  const parts = text.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? []
  return new Set(parts.filter(({ length }) => length >= SHORTEST).map((part) => part.toLowerCase()))
}

const IMPORT = /\b(?:import|from|require|use|include|load|source)\b|^\s*\. /

/** Product files that the import lines of a text name, by module path or relative file, in any language. */
export function importedFiles(text: string, from: string, product: readonly string[]): readonly string[] {
  const lines = text.split('\n').filter((line) => line.length < 500 && IMPORT.test(line))
  const words = new Set(lines.flatMap(modules))
  const near = from.split('/').slice(0, -1)
  const relative = new Set([...words].filter((word) => /^\.\.?(\/|$)/.test(word)).map((word) => below(near, word)))
  const plain = [...words].map((word) => word.replace(/^(\.\.?\/)+/, '')).filter((word) => /\w/.test(word))
  return product.filter((path) => {
    const module = moduleOf(path)
    return relative.has(path) || relative.has(module) || plain.some((word) => names(word, path, module, near.join('/')))
  })
}

/** What an import line may name as a module: the quoted parts, or every word of a line without quotes. */
function modules(line: string): readonly string[] {
  const quoted = [...line.matchAll(/(['"`])(.+?)\1/g)].map(([, , name = '']) => name)
  return quoted.length > 0 ? quoted : (line.match(/[\w$./-]+/g) ?? [])
}

/** `a/b.py` → `a/b`; an index stands for its directory: `a/index.js` → `a`, `index.js` → ``. */
function moduleOf(path: string): string {
  return path.replace(/(?<=[^/])\.\w+$/, '').replace(/(^|\/)(index|__init__|mod)$/, '')
}

/** Where a relative name leads from a directory; '..' at the top stays at the top. */
function below(directory: readonly string[], word: string): string {
  const at = [...directory]
  for (const part of word.split('/')) {
    if (part === '..') at.pop()
    else if (part !== '.' && part !== '') at.push(part)
  }
  return at.join('/').replace(/(?<=[^/])\.[cm]?js$/, '')
}

function names(word: string, path: string, module: string, near: string): boolean {
  const base = module.split('/').at(-1) ?? module
  const dotted = module.replaceAll('/', '.')
  return (
    [path, module, dotted].includes(word) ||
    dotted.endsWith(`.${word}`) ||
    (base !== '' && word.endsWith(`.${base}`)) ||
    module === `${near}/${word}` ||
    module.endsWith(`/${word}`) ||
    path.endsWith(`/${word}`)
  )
}

const STATEMENT = /^(?:import|from|use|using|require|#include|const .*\brequire\(|(?:var|let) .*\brequire\()/
const KEYWORDS = /^(?:import|from|use|using|require|include|const|var|let|as|type|static|default)$/

/**
 * The import lines of a file, 1-based, except those whose names are all unused. The lines of a block in brackets belong to
 * the line that opens it.
 */
export function importLines(text: string, used: ReadonlySet<string>, most: number): readonly number[] {
  const found: number[] = []
  const lines = text.split('\n')
  for (let at = 0; at < lines.length && found.length < most; at++) {
    const line = lines[at] ?? ''
    if (!STATEMENT.test(line)) continue
    const opens = /[({]\s*$/.test(line) || (line.includes('(') && !line.includes(')'))
    const closed = opens ? lines.findIndex((one, later) => later > at && /[)}]/.test(one)) : at
    const last = closed < 0 ? at : closed
    if (brings(lines.slice(at, last + 1).join('\n'), used))
      for (let part = at; part <= last; part++) found.push(part + 1)
    at = last
  }
  return found.slice(0, most)
}

/** Whether an import may bring a used name: it names one, it names none at all, or it imports everything. */
function brings(statement: string, used: ReadonlySet<string>): boolean {
  if (statement.includes('*')) return true
  const plain = statement.replace(/^from\s+\S+|(["'`]).*?\1|<.*?>/gm, '')
  const names = [...identifiers(plain)].filter((name) => !KEYWORDS.test(name))
  return names.length === 0 || names.some((name) => used.has(name))
}

const CONSTANT =
  /^(?:(?:export|pub|static|final|const|let|var|readonly|public|private) )*([A-Za-z_$][\w$]*)\s*(?::[^=]*)?=(?!=)|^#define (\w+)/

/** Lines outside of functions, 1-based, that assign one of these names. */
export function constantLines(text: string, words: ReadonlySet<string>, most: number): readonly number[] {
  const found = text.split('\n').flatMap((line, at) => {
    const [, name, macro] = CONSTANT.exec(line) ?? []
    return words.has(name ?? macro ?? '') ? [at + 1] : []
  })
  return found.slice(0, most)
}

/** The names that a text calls: words before an opening parenthesis. */
export function calledNames(text: string): Set<string> {
  return new Set([...text.matchAll(/([A-Za-z_$][\w$]*)\s*\(/g)].flatMap(([, name]) => (name ? [name] : [])))
}

const DEFINITION =
  /\b(?:def|function|func|fn|fun|sub|class|struct|interface|type|enum|trait|module)\s+(?:\([^)]*\)\s*)?(\w+)/g

/** Whether a text defines a function or a type of one of these names. */
export function definesName(text: string, words: ReadonlySet<string>): boolean {
  return [...text.matchAll(DEFINITION)].some(([, name = '']) => words.has(name))
}

/** The first lines, 1-based, of the classes that the names of these functions begin with. */
export function classLines(text: string, slices: readonly FunctionSlice[]): readonly number[] {
  const lines = text.split('\n')
  const found = slices.flatMap(({ name, start }) => {
    const [, owner] = /(?:^|\.)([\w$]+)\.[\w$]+$/.exec(name) ?? []
    if (owner === undefined) return []
    const begins = new RegExp(
      `\\b(?:class|struct|impl|interface|trait|object|module)\\b.*[ :<]${owner.replaceAll('$', '\\$')}(?![\\w$])`,
    )
    const at = lines.slice(0, start - 1).findLastIndex((line) => line.length < 500 && begins.test(line))
    return at < 0 ? [] : [at + 1]
  })
  return [...new Set(found)]
}
