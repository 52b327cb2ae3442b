import { usageSimilarity } from '../names-in-scope.ts'
import type { RepairSite, RepairTemplate } from '../repair-template.ts'
import { lineOf } from '../statement-line.ts'
import { type TokenizedFile, tokenText } from '../tokenized-file.ts'

/** Inserts a statement before this one: `a = b`, a step, or one of the function's own lines with another name in it. */
export const insertion: RepairTemplate = function* (site) {
  const { source, at } = site
  const line = lineOf(source, at)
  if (line === null || !site.around.inFunction || line.start === 0) return
  const indents = source.family === 'python' ? indentsBefore(source, at, line.indent) : [line.indent]
  const eol = source.text.includes('\r\n') ? '\r\n' : '\n'
  for (const [text, factor] of statements(site)) {
    for (const indent of indents) {
      // The next branch of a statement (such as `else`) must follow directly at its own depth.
      if (indent === line.indent && BRANCHES.has(tokenText(source, at))) continue
      yield { start: line.start, end: line.start, text: `${indent}${text}${eol}`, rule: 'statement.insert', factor }
    }
  }
}

const BRANCHES = new Set(['else', 'elif', 'elsif', 'except', 'finally', 'catch', 'rescue', 'ensure', 'when', 'case'])

function* statements(site: RepairSite): Generator<readonly [text: string, factor: number]> {
  const { scope } = site.around
  const variables = [...scope.variables.values()]
  const own = site.source.tokens[site.at]?.line
  for (const copy of site.around.statements) {
    if (copy.line !== own) yield [copy.text, 0.5]
    for (const held of copy.names) {
      const use = scope.variables.get(held.name)
      for (const other of variables) {
        const text = copy.text.slice(0, held.start) + other.name + copy.text.slice(held.end)
        if (other !== use) yield [text, 0.3 + 0.7 * usageSimilarity(use, other)]
      }
    }
  }
  const { end } = site.source.dialect
  for (const a of variables) {
    for (const b of variables) if (a !== b) yield [`${a.name} = ${b.name}${end}`, 0.5]
    if (a.ways.has('number')) for (const step of ['+= 1', '-= 1']) yield [`${a.name} ${step}${end}`, 0.7]
  }
}

/** If blocks end between two lines, a new line can have the depth of any of them. */
function indentsBefore(source: TokenizedFile, at: number, own: string): string[] {
  const found = [own]
  for (let back = at - 1; back >= 0; back--) {
    const line = lineOf(source, back)
    if (line === null) continue
    const inner = tokenText(source, line.last) === ':' ? `${line.indent}    ` : line.indent
    if (inner.length <= own.length) break
    if (!found.includes(inner)) found.push(inner)
  }
  return found
}
