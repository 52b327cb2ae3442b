import type { CodeNode } from '../../../model/code.ts'
import { answersWrittenOut } from '../fixed-answer.ts'
import { comparedValues, comparesForSame } from '../questions.ts'
import type { Finding, OverfittingRule } from '../rule.ts'
import { walk } from '../walk.ts'

export default {
  kind: 'fixed-answer',
  finds: 'answers with a fixed value for an input that it recognises by a number that the file did not hold before',
  find({ fresh, earlier }) {
    return fresh.flatMap((node): Finding[] => {
      if (!comparesForSame(node) || !isOfComputed(node) || !answersWrittenOut(node)) return []
      const numbers = comparedValues(node).filter((value) => isUnusual(value) && !earlier.values.has(value))
      if (numbers.length === 0) return []
      const does = `answers with a fixed value if a computed value is ${numbers[0]}, a number that this file did not hold before`
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

function isUnusual(value: string): boolean {
  return /^-?\d+(?:\.\d+)?$/.test(value) && Math.abs(Number(value)) > 4
}
