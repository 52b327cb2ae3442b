import { type NameUse, usageSimilarity } from '../names-in-scope.ts'
import { type RepairSite, type RepairTemplate, replaceTokens, type TokenRewrite } from '../repair-template.ts'
import { lineOf, opensBlock, type StatementLine } from '../statement-line.ts'
import { isMember, isName, type TokenizedFile, textBetween, tokenText } from '../tokenized-file.ts'

/** A condition in front of a statement, or an early end of the function or the loop. */
export const guard: RepairTemplate = function* (site) {
  const { source, at } = site
  if (!site.around.inFunction || source.family === 'shell' || source.family === 'ruby') return
  const line = lineOf(source, at)
  if (line === null || line.start === 0) return
  // A string alone is documentation.
  if (source.tokens[at]?.kind === 'string' && line.last === at) return
  if (!opensBlock(source, line.last) && !UNGUARDED.has(tokenText(source, at))) yield* around(site, line)
  if (!BRANCHES.has(tokenText(source, at)) && tokenText(source, at) !== '}') yield* before(site, line)
}

const UNGUARDED = new Set(['}', 'let', 'const', 'var', 'import', 'from', 'def', 'class', 'else', 'case', 'default'])
const BRANCHES = new Set(['else', 'elif', 'except', 'finally', 'catch', 'case', 'default'])
const MOST_NAMES = 10

/** `if a == b:` before one statement. */
function* around(site: RepairSite, { start, end, indent, last }: StatementLine): Generator<TokenRewrite> {
  const { source, at } = site
  const text = source.text.slice(start + indent.length, end)
  const own = new Set(namesBetween(source, at, last))
  for (const [condition, factor] of conditions(site)) {
    // A condition about what the statement uses is likelier.
    const like = [...own].some((name) => condition.split(/\W+/).includes(name)) ? 1 : 0.5
    const guarded =
      source.family === 'python'
        ? `${indent}if ${condition}:${eolOf(source)}${indent}${stepOf(indent)}${text}`
        : `${indent}if ${inBrackets(source, condition, text)}`
    yield { start, end, text: guarded, rule: 'guard.statement', factor: factor * like }
  }
}

/** `if x is None: return None` before a statement; in a loop, `continue`. */
function* before(site: RepairSite, { start, indent }: StatementLine): Generator<TokenRewrite> {
  const { source } = site
  const isPython = source.family === 'python'
  const names = usesBefore(site).map(({ name }) => name)
  const [none, no] = isPython ? ['None', 'False'] : ['null', 'false']
  const values = [none, no, '0', '""', '[]']
  for (const name of names) {
    for (const condition of [`${source.dialect.not}${name}`, isPython ? `${name} is None` : `${name} == null`])
      for (const [index, value] of [...values, name].entries()) {
        const stop = isPython ? `if ${condition}:${eolOf(source)}${indent}${stepOf(indent)}return ${value}` : null
        const text = stop ?? `if ${inBrackets(source, condition, `return ${value}${source.dialect.end}`)}`
        const factor = 1 / (1 + index / 2)
        yield { start, end: start, text: `${indent}${text}${eolOf(source)}`, rule: 'guard.return', factor }
      }
    const made = isPython ? `if ${name} is None:${eolOf(source)}${indent}${stepOf(indent)}${name} = ` : null
    for (const value of isPython ? ['[]', '{}', '0', '""'] : [])
      yield { start, end: start, text: `${indent}${made}${value}${eolOf(source)}`, rule: 'guard.default' }
  }
}

/** Conditions that the names of the function allow, with how likely they are. */
function* conditions(site: RepairSite): Generator<readonly [condition: string, factor: number]> {
  const uses = usesBefore(site)
  for (const use of uses) yield* aboutOne(site, use)
  for (const [index, a] of uses.entries()) for (const b of uses.slice(index + 1)) yield* aboutTwo(site, a, b)
}

function* aboutOne({ source }: RepairSite, { name, ways }: NameBefore): Generator<readonly [string, number]> {
  yield [name, 0.6]
  yield [`${source.dialect.not}${name}`, 0.5]
  if (source.family === 'python') yield [`${name} is not None`, 0.6]
  if (ways.has('number')) for (const sign of ['> 0', '< 0', '!= 0', '== 1', '> 1']) yield [`${name} ${sign}`, 0.4]
  if (ways.has('index')) yield [`${name} > 0`, 0.6]
}

function* aboutTwo(site: RepairSite, a: NameBefore, b: NameBefore): Generator<readonly [string, number]> {
  // Two that come from loops or are used alike are compared more often.
  const like = a.isLoop && b.isLoop ? 1.5 : 0.4 + 0.6 * usageSimilarity(a, b)
  yield [`${b.name} ${equal(site)} ${a.name}`, like]
  yield [`${b.name} ${unequal(site)} ${a.name}`, 0.7 * like]
  for (const sign of ['<', '>']) yield [`${b.name} ${sign} ${a.name}`, 0.3]
  if (site.source.family !== 'python') return
  for (const [x, y] of [[a, b] as const, [b, a] as const])
    if (y.ways.has('iterated') || y.ways.has('indexed'))
      for (const word of ['not in', 'in']) yield [`${x.name} ${word} ${y.name}`, 0.5]
}

interface NameBefore extends NameUse {
  readonly isLoop: boolean
}

/** The variables that stand before this place, the ones that are nearest first. */
function usesBefore({ source, at, around }: RepairSite): readonly NameBefore[] {
  const found = new Map<string, NameBefore>()
  for (let index = around.places.length - 1; index >= 0 && found.size < MOST_NAMES; index--) {
    const place = around.places[index] ?? at
    const use = around.scope.variables.get(tokenText(source, place))
    if (place >= at || use === undefined || isMember(source, place) || found.has(use.name)) continue
    found.set(use.name, { ...use, isLoop: loops(source, around.places, use.name) })
  }
  return [...found.values()]
}

function loops(source: TokenizedFile, places: readonly number[], name: string): boolean {
  const before = new Set(['for', 'let', 'const', 'var', '(', ','])
  return places.some((at) => {
    const [next, previous] = [tokenText(source, at + 1), tokenText(source, at - 1)]
    return tokenText(source, at) === name && before.has(previous) && (next === 'in' || next === 'of')
  })
}

function equal({ source }: RepairSite): string {
  return source.text.includes('===') ? '===' : '=='
}

function unequal({ source }: RepairSite): string {
  return source.text.includes('===') ? '!==' : '!='
}

function inBrackets(source: TokenizedFile, condition: string, text: string): string {
  return source.dialect.end === '' ? `${condition} { ${text} }` : `(${condition}) { ${text} }`
}

function* namesBetween(source: TokenizedFile, first: number, last: number): Generator<string> {
  for (let at = first; at <= last; at++) if (isName(source, at) && !isMember(source, at)) yield tokenText(source, at)
}

export function eolOf(source: TokenizedFile): string {
  return source.text.includes('\r\n') ? '\r\n' : '\n'
}

/** One more level of indent. */
export function stepOf(indent: string): string {
  return indent.startsWith('\t') ? '\t' : '    '
}

/** What is read from a name only if it is there: `x.y if x is not None else None`, `x && x.y`, `x?.y`. */
export const absent: RepairTemplate = function* (site) {
  const { source, at } = site
  const text = tokenText(source, at)
  if (source.dialect.max === 'Math.max' && text === '.' && isReadable(source, at - 1))
    yield replaceTokens(site, at, at, '?.', 'guard.absent')
  if (text !== 'return' && text !== '=') return
  let last = at
  while (source.tokens[last + 1]?.line === source.tokens[at]?.line && !';:'.includes(tokenText(source, last + 1)))
    last = Math.max(last + 1, source.pairs[last + 1] ?? -1)
  const inner = textBetween(source, at + 1, last)
  if (last <= at + 1 || source.depths[at] !== 0 || / (?:if|else) |\?/.test(inner)) return
  for (const name of new Set(receivers(source, at + 1, last))) {
    if (source.family === 'python') {
      yield replaceTokens(site, at + 1, last, `${inner} if ${name} is not None else None`, 'guard.absent')
      yield replaceTokens(site, at + 1, last, `${inner} if ${name} else None`, 'guard.absent', 0.7)
      yield replaceTokens(site, at + 1, last, `${name} and ${inner}`, 'guard.absent', 0.5)
    } else if (source.dialect.max === 'Math.max') {
      yield replaceTokens(site, at + 1, last, `${name} ? ${inner} : null`, 'guard.absent', 0.7)
      yield replaceTokens(site, at + 1, last, `${name} && ${inner}`, 'guard.absent', 0.5)
    }
  }
}

function isReadable(source: TokenizedFile, at: number): boolean {
  return isName(source, at) || [')', ']'].includes(tokenText(source, at))
}

/** Names from which something is read, called or indexed. */
function* receivers(source: TokenizedFile, first: number, last: number): Generator<string> {
  for (let at = first; at < last; at++)
    if (isName(source, at) && !isMember(source, at) && ['.', '['].includes(tokenText(source, at + 1)))
      yield tokenText(source, at)
}
