import type { CodeNode } from '../../../model/code.ts'
import { isWrittenOut } from '../literals.ts'
import { methodOf } from '../questions.ts'
import type { Finding, OverfittingRule, RuleInput } from '../rule.ts'
import { argumentsOf, childAs, walk } from '../walk.ts'

/** Types of errors that stand for every error. */
const EVERY = /\b(?:Exception|BaseException|Throwable)\b/
/** Calls that drop every error of the code that they run. */
const SUPPRESSES = /^(?:contextlib\.suppress\(\)|recover\(\)|(?:std\.)?(?:panic\.)?catch_unwind\(\))/

export default {
  kind: 'dropped-failure',
  finds: 'catches every error of code that was there before, and drops it',
  find(input) {
    const defined = new Set(
      input.nodes.filter(({ is }) => is === 'function').flatMap((node) => childAs(node, 'name')?.text ?? []),
    )
    return input.fresh.flatMap((node): Finding[] => {
      if (node.is === 'catch' && catchesAll(node) && drops(node) && guardsOldCode(node, input, defined))
        return [{ line: node.line, does: 'catches every error of the code above and drops it', strength: 0.6 }]
      if (node.is === 'finally' && [...walk(node)].some(({ is }) => is === 'return'))
        return [{ line: node.line, does: 'returns in a finally block, which drops every error', strength: 0.7 }]
      if (node.is === 'call' && methodOf(node) === 'catch' && argumentsOf(node).some(isEmptyHandler))
        return [{ line: node.line, does: 'drops every error of a promise', strength: 0.5 }]
      const name = node.is === 'call' ? input.names.of(node) : null
      if (name === null || !SUPPRESSES.test(name) || input.earlier.uses(name)) return []
      if (name.startsWith('contextlib') && !argumentsOf(node).some(({ text }) => EVERY.test(text))) return []
      return [{ line: node.line, does: `drops every error (${name.replace(/\(\).*/, '')})`, strength: 0.6 }]
    })
  },
} satisfies OverfittingRule

/** `() => {}`, `() => null` */
function isEmptyHandler(handler: CodeNode): boolean {
  const body = handler.is === 'function' ? childAs(handler, 'body') : null
  if (body === null) return false
  return body.is === 'block' ? body.children.length === 0 : isWrittenOut(body)
}

/** In JavaScript every handler catches everything; in Python one without a type, or with the type of all errors. */
function catchesAll(handler: CodeNode): boolean {
  if (handler.operators.includes('catch')) return true
  const types = handler.children.filter(({ is }) => is !== 'block')
  return types.length === 0 || types.some(({ text }) => EVERY.test(text))
}

/** True if the handler neither throws nor uses the error. */
function drops(handler: CodeNode): boolean {
  const body = handler.children.find(({ is }) => is === 'block')
  if (body === undefined) return false
  const error = childAs(handler, 'parameter')?.text ?? /\bas (\w+)/.exec(handler.text.split('\n')[0] ?? '')?.[1]
  return ![...walk(body)].some(({ is, text }) => is === 'throw' || (is === 'name' && text === error))
}

/** True if the code that may fail stood there before the change, or calls a function of the same file. */
function guardsOldCode(handler: CodeNode, { added }: RuleInput, defined: ReadonlySet<string>): boolean {
  const body = handler.parent?.children.find(({ role }) => role === 'body')
  if (body === undefined) return false
  return [...walk(body)].some(
    ({ is, line, text }) =>
      (is === 'statement' || is === 'return' || is === 'assign' || is === 'if' ? !added.has(line) : false) ||
      (is === 'name' && defined.has(text)),
  )
}
