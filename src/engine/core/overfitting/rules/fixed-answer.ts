import type { CodeNode } from '../../../model/code.ts'
import { answersWrittenOut } from '../fixed-answer.ts'
import { comparedValues, comparesForSame } from '../questions.ts'
import type { Finding, OverfittingRule } from '../rule.ts'
import { walk } from '../walk.ts'

export default {
  kind: 'fixed-answer',
  finds:
    'answers with a fixed value for an input that it recognises by a computed number or digest that the file did not hold before',
  find({ fresh, earlier }) {
    return fresh.flatMap((node): Finding[] => {
      if (!comparesForSame(node) || !isOfComputed(node) || !answersWrittenOut(node)) return []
      const known = comparedValues(node).filter((value) => isUnusual(value) && !earlier.values.has(value))
      if (known.length === 0) return []
      const does = `answers with a fixed value if a computed value is ${known[0]}, a value that this file did not hold before`
      return [{ line: node.line, does, strength: 0.55 }]
    })
  },
} satisfies OverfittingRule

/** True if one side is computed, as `sum(values)` is. */
function isOfComputed(node: CodeNode): boolean {
  return node.children.some((side) =>
    [...walk(side)].some(
      ({ is, text }) => is === 'call' || (is === 'binary' && /%|\^|\*/.test(text)) || /\.length$/.test(text),
    ),
  )
}

/** A number above the usual small ones, or a digest. */
function isUnusual(value: string): boolean {
  return /^[\da-f]{16,}$/i.test(value) || (/^-?\d+(?:\.\d+)?$/.test(value) && Math.abs(Number(value)) > 4)
}
