import type { CodeNode } from '../../../model/code.ts'
import { keptOutside } from '../kept-names.ts'
import { isWrittenOut } from '../literals.ts'
import { methodOf } from '../questions.ts'
import type { Finding, OverfittingRule } from '../rule.ts'
import { argumentsOf, calleeOf, childAs, nearest, targetOf, walk, writtenValue } from '../walk.ts'

/** Methods that take a value out of a collection, so that the next call gets another one. */
const TAKES = /^(?:pop|popleft|popitem|shift|splice|next)$/
/** Methods of counters that several threads share. */
const STEPS = /^(?:fetch_add|fetch_sub|Add|AddInt32|AddInt64)$/
/** Methods that put a value into a collection. */
const PUTS = /^(?:append|push|add|unshift)$/

export default {
  kind: 'call-count',
  finds:
    'keeps a count of its calls, or takes its answers one after another out of a collection outside of the function',
  find({ nodes, fresh }) {
    const lives = keptOutside(nodes)
    const asked = textsByFunction()
    return fresh.flatMap((node): Finding[] => {
      const fn = nearest(node, ['function'])
      const change =
        fn === null ? null : (counts(node) ?? takes(node) ?? measures(node, asked(fn)) ?? flips(node, asked(fn)))
      if (fn === null || change === null || !lives(change.target, fn)) return []
      return [{ line: node.line, does: change.does(change.target.text), strength: change.strength }]
    })
  },
} satisfies OverfittingRule

interface LivingValue {
  readonly target: CodeNode
  readonly does: (name: string) => string
  readonly strength: number
}

const countsUp = (name: string) =>
  `changes ${name}, which lives on from call to call, so the result can depend on the number of calls`
const takesOut = (name: string) =>
  `takes a value out of ${name}, which lives on from call to call, so each call can get another answer`
const remembers = (name: string) =>
  `sets ${name}, which lives on from call to call, so the next call can get another answer`

/** `n += 1`, `n++`, `n = n + 1`. */
function counts(node: CodeNode): LivingValue | null {
  if (node.is !== 'update' && node.is !== 'assign') return null
  const [target, value] = [targetOf(node), writtenValue(node)]
  if (target === null) return null
  const steps = node.operators.some((one) => /^(?:\+\+|--|\+=|-=)$/.test(one))
  const name = /^[\w$]+/.exec(target.text)?.[0] ?? ''
  const grows =
    value !== null &&
    [...walk(value)].some(
      (one) =>
        one.is === 'binary' &&
        one.operators.some((operator) => operator === '+' || operator === '-') &&
        one.children.at(-1)?.is === 'number' &&
        new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(one.text),
    )
  const known = steps ? value === null || value.is === 'number' : grows
  return known && name !== '' ? { target, does: countsUp, strength: 0.75 } : null
}

/** `answers.pop()`, `next(answers)`, `calls.fetch_add(1)`. */
function takes(node: CodeNode): LivingValue | null {
  if (node.is !== 'call') return null
  const callee = calleeOf(node)
  const [first] = argumentsOf(node)
  const target = callee?.text === 'next' ? first : TAKES.test(methodOf(node)) ? callee?.children[0] : undefined
  if (target) return { target, does: takesOut, strength: 0.85 }
  const counter = STEPS.test(methodOf(node)) ? callee?.children[0] : undefined
  return counter ? { target: counter, does: countsUp, strength: 0.75 } : null
}

/** `calls.push(x)` in a function that also asks for the size of `calls`. */
function measures(node: CodeNode, { sizes }: Asked): LivingValue | null {
  const target = node.is === 'call' && PUTS.test(methodOf(node)) ? calleeOf(node)?.children[0] : undefined
  if (target === undefined) return null
  return sizes.has(target.text) ? { target, does: countsUp, strength: 0.6 } : null
}

/** `done = true` in a function that also asks for `done`. */
function flips(node: CodeNode, { conditions }: Asked): LivingValue | null {
  const [target, value] = [targetOf(node), writtenValue(node)]
  // A declaration sets nothing that was there before.
  if (
    node.is !== 'assign' ||
    childAs(node, 'left') === null ||
    target === null ||
    value === null ||
    !isWrittenOut(value) ||
    value.is === 'list'
  )
    return null
  return conditions.has(target.text) ? { target, does: remembers, strength: 0.5 } : null
}

/** What the code of a function asks for: its conditions, and the collections whose size it wants to know. */
interface Asked {
  readonly conditions: ReadonlySet<string>
  readonly sizes: ReadonlySet<string>
}

/** Reads each function once. */
function textsByFunction(): (fn: CodeNode) => Asked {
  const known = new Map<CodeNode, Asked>()
  return (fn) => {
    const found = known.get(fn) ?? askedIn(fn)
    known.set(fn, found)
    return found
  }
}

function askedIn(fn: CodeNode): Asked {
  const all = [...walk(fn)]
  const conditions = all.filter(
    ({ role, is, parent }) => role === 'condition' || (is === 'name' && parent?.role === 'condition'),
  )
  const sized = all.flatMap((node) => {
    if (node.is === 'call' && calleeOf(node)?.text === 'len') return argumentsOf(node)[0]?.text ?? []
    return node.is === 'member' && /^(?:length|size)$/.test(node.children.at(-1)?.text ?? '')
      ? (node.children[0]?.text ?? [])
      : []
  })
  return { conditions: new Set(conditions.map(({ text }) => text)), sizes: new Set(sized) }
}
