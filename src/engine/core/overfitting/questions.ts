import type { CodeNode } from '../../model/code.ts'
import { literalValue } from './literals.ts'
import { argumentsOf, calleeOf, childAs, nearest, unwrapped, walk } from './walk.ts'

/** Operators that ask whether two values are the same, or whether one holds the other. */
const SAME = /^(?:={2,3}|!={1,2}|is|is not|in|not in|<>)$/
/** Methods that ask something about a text or a collection. */
const QUESTION =
  /^(?:starts_?with|ends_?with|includes|contains?|equals?|eq|has|is_?equal|match(?:es|all)?|fullmatch|test|search|index_?of|index|find|count)$/i
/** Methods that look for a key in a collection. */
const LOOKS_UP = /^(?:get|has|includes|contains(?:_key)?|indexOf|index|find|some)$/

/** True if a piece of code asks whether values are the same, or whether one holds the other. */
export function comparesForSame(node: CodeNode): boolean {
  return node.is === 'binary' && node.operators.some((operator) => SAME.test(operator))
}

/** The last name of what a call calls: 'startsWith' for `text.startsWith(…)`. */
export function methodOf(call: CodeNode): string {
  const callee = calleeOf(call)
  return callee?.is === 'member' ? (callee.children.at(-1)?.text ?? '') : ''
}

/** True for a value that is compared with another one, or about which a method asks something, or that a `case` names. */
export function isAsked(value: CodeNode): boolean {
  const whole = nearest(value, ['binary', 'call', 'case', 'block', 'function', 'list', 'throw'])
  if (whole === null) return false
  if (whole.is === 'binary') return comparesForSame(whole)
  return whole.is === 'call' ? QUESTION.test(methodOf(whole)) : whole.is === 'case'
}

/** The text of the collection in which a piece of code looks for something; null: it does not look for anything. */
export function searchedName(node: CodeNode): string | null {
  if (node.is === 'index') return node.children[1]?.is === 'number' ? null : (node.children[0]?.text ?? null)
  if (comparesForSame(node)) return node.children.at(-1)?.text ?? null
  if (node.is !== 'call' || !LOOKS_UP.test(methodOf(node))) return null
  return calleeOf(node)?.children[0]?.text ?? null
}

/** The literals with which a piece of code compares something. */
export function comparedValues(node: CodeNode): readonly string[] {
  // The name of a type is no value.
  if (comparesForSame(node) && !node.children.some(({ operators }) => operators.includes('typeof')))
    return node.children.flatMap(writtenIn)
  if (node.is === 'case') {
    const head = childAs(node, 'value', 'pattern')
    const heads = node.children.filter(({ role, is }) => is !== 'block' && role !== 'body' && role !== 'consequence')
    return (head ? [head] : heads).flatMap(writtenIn)
  }
  if (node.is !== 'call' || !QUESTION.test(methodOf(node))) return []
  return [...argumentsOf(node).slice(0, 1), ...patternOf(node)].flatMap(writtenIn)
}

/** The regular expression in `/…/.test(…)`, the list in `[…].includes(…)`. */
function patternOf(call: CodeNode): readonly CodeNode[] {
  const object = calleeOf(call)?.children[0]
  return object?.is === 'string' || object?.is === 'list' ? [object] : []
}

/** The literals of a value that is written out, also inside of lists. */
export function writtenIn(value: CodeNode): readonly string[] {
  const inside = walk(unwrapped(value), ({ is }) => !/^(?:binary|call|function|member|index)$/.test(is))
  return [...inside].flatMap((one) => (one.is === 'number' || one.is === 'string' ? (literalValue(one) ?? []) : []))
}
