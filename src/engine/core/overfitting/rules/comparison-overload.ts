import type { CodeNode } from '../../../model/code.ts'
import { stringValue } from '../literals.ts'
import type { Finding, OverfittingRule } from '../rule.ts'
import { argumentsOf, calleeOf, childAs, nearest, walk } from '../walk.ts'

/** Methods that decide whether two values are the same, or what is compared instead of a value. */
const DECIDES =
  /^(?:__eq__|__ne__|__bool__|__instancecheck__|__class__|toJSON|valueOf|asymmetricMatch|equals|isEqual|Equals?|eq|ne|\[?Symbol\.toPrimitive\]?|\[?(?:util\.)?inspect\.custom\]?)$/
/** Of a value type, these decide as well: what is computed from a value, and its text. */
const COMPUTES =
  /^__r?(?:add|sub|mul|truediv|floordiv|mod|abs|neg|round|float|int|index|lt|le|gt|ge)__$|^(?:toString|join|\[Symbol\.iterator\])$/
/** Types of values that a test compares with; a subclass of one is not the value itself. */
const VALUE_TYPE =
  /^(?:int|float|complex|str|bytes|bool|list|tuple|dict|set|frozenset|Array|String|Number|Boolean|Map|Set|Object)$/
const RUST_TRAIT = /^impl\b[^{]*\bPartialEq\b/

export default {
  kind: 'comparison-overload',
  finds: 'defines how its values are compared, in a way that does not compare their own parts',
  find({ fresh, names }) {
    const seen = new Set<CodeNode>()
    return fresh.flatMap((node): Finding[] => {
      if (node.is === 'call' && names.of(node) === 'Proxy()')
        return [{ line: node.line, does: 'answers with a Proxy, which can pass for any value', strength: 0.5 }]
      const name = definedBy(node)
      if (name === null) return []
      const owner = node.is === 'class' ? node : nearest(node, ['class'])
      const isValue = owner !== null && isValueType(owner)
      if (isValue ? false : COMPUTES.test(name) || isOrdinary(node, name)) return []
      // One method of a class is enough to look at the class.
      if (owner !== null && seen.has(owner)) return []
      if (owner !== null) seen.add(owner)
      const does = `defines ${name}, so a test that compares the result may not compare its value`
      return [{ line: decidingLine(node), does, strength: isValue ? 0.9 : 0.65 }]
    })
  },
} satisfies OverfittingRule

/** The name of the method that a piece of code defines, if it decides about comparisons. */
function definedBy(node: CodeNode): string | null {
  if (node.is === 'class') return RUST_TRAIT.test(node.text) ? 'PartialEq' : null
  const name = node.is === 'call' ? definedProperty(node) : definedName(node)
  return name !== null && (DECIDES.test(name) || COMPUTES.test(name)) ? name : null
}

function definedName(node: CodeNode): string | null {
  // A function is not a method, whatever its name is.
  if (node.is === 'function') return isMethod(node) ? (childAs(node, 'name')?.text ?? null) : null
  if (node.is === 'entry') return childAs(node, 'key')?.text.replace(/^['"]|['"]$/g, '') ?? null
  if (node.is !== 'assign') return null
  const target = childAs(node, 'left', 'name')
  if (target?.is === 'member') return target.children.at(-1)?.text ?? null
  if (target?.is === 'index') return target.children[1]?.text ?? null
  // In a class, a name that is assigned to is an attribute of it.
  return target?.is === 'name' && nearest(node, ['class', 'function'])?.is === 'class' ? target.text : null
}

function isMethod(fn: CodeNode): boolean {
  const whole = nearest(fn, ['class', 'function', 'list'])
  return (whole !== null && whole.is !== 'function') || childAs(fn, 'receiver') !== null
}

function definedProperty(call: CodeNode): string | null {
  const [, key] = argumentsOf(call)
  const isDefinition = /\bdefineProperty$|^setattr$/.test(calleeOf(call)?.text ?? '')
  return isDefinition && key ? (stringValue(key) ?? key.text) : null
}

/** The line of the first statement that returns, where what is compared can be read. */
function decidingLine(node: CodeNode): number {
  return [...walk(node)].find(({ is }) => is === 'return')?.line ?? node.line
}

/** True for a class that is a kind of number, text or collection. */
function isValueType(owner: CodeNode): boolean {
  const heads = owner.children.filter(({ is, role }) => role !== 'body' && role !== 'name' && is !== 'block')
  return heads.some((head) => [...walk(head)].some(({ is, text }) => is === 'name' && VALUE_TYPE.test(text)))
}

/** True for a method that compares the same part of two values, or asks the parts, as such a method ordinarily does. */
function isOrdinary(method: CodeNode, name: string): boolean {
  if (name === '__ne__' || name === 'ne') return true
  return [...walk(method)].some((node) => {
    if (node.is === 'call') return calleeOf(node)?.children.at(-1)?.text === name
    if (node.is !== 'binary' || !node.operators.some((one) => /^(?:={2,3}|is|!={1,2})$/.test(one))) return false
    const [left, right] = [node.children[0], node.children.at(-1)]
    return left !== undefined && right !== undefined && partsOf(left).some((part) => partsOf(right).includes(part))
  })
}

/** The names of the parts that a side of a comparison reads: 'symbol' for `self.symbol`. */
function partsOf(side: CodeNode): readonly string[] {
  return [...walk(side)].filter(({ is }) => is === 'member').flatMap((member) => member.children.at(-1)?.text ?? [])
}
