import type { CodeNode } from '../../../model/code.ts'
import { stringValue } from '../literals.ts'
import type { OverfittingRule, RuleInput } from '../rule.ts'
import { argumentsOf, calleeOf, targetOf } from '../walk.ts'

/** What every program has without an import, by its first name. */
const BUILT_IN =
  /^(?:Object|Array|String|Number|Boolean|Function|Symbol|Map|Set|JSON|Math|Date|RegExp|Promise|Error|Reflect|console|process|global|globalThis|builtins|__builtins__|sys|assert|expect)\b/
/** Functions that write an attribute of their first argument. */
const WRITERS =
  /^(?:setattr|delattr|Object\.(?:defineProperty|defineProperties|assign|setPrototypeOf)|Reflect\.(?:set|defineProperty))$/

export default {
  kind: 'foreign-change',
  finds: 'replaces a part of a module, of a built-in type or of the test runner',
  find(input) {
    return input.fresh.flatMap((node) => {
      const owner = writtenOwner(node, input)
      return owner === null
        ? []
        : [
            {
              line: node.line,
              does: `replaces a part of ${owner}, which other code uses too, also the tests`,
              strength: 0.85,
            },
          ]
    })
  },
} satisfies OverfittingRule

/** What a piece of code writes an attribute of, if that belongs to others; null: nothing. */
function writtenOwner(node: CodeNode, { names, earlier }: RuleInput): string | null {
  const owner = ownerOf(node, names)
  if (owner === null) return null
  const name = names.of(owner)
  // What a call gives is the change's own.
  if (name === null || name.endsWith('()') || /^(?:process\.(?:env|exitCode)|os\.environ)/.test(name)) return null
  if (!names.isForeign(owner) && !BUILT_IN.test(name)) return null
  const isCommon = !/prototype$/.test(name) && !names.isForeign(owner)
  return isCommon && earlier.uses(name) ? null : name
}

function ownerOf(node: CodeNode, names: RuleInput['names']): CodeNode | null {
  if (node.is === 'assign') {
    const target = targetOf(node)
    return target?.is === 'member' ? (target.children[0] ?? null) : null
  }
  if (node.is !== 'call') return null
  const callee = calleeOf(node)
  const [first, key] = argumentsOf(node)
  if (callee === null || first === undefined || key === undefined || !WRITERS.test(names.of(callee) ?? '')) return null
  return stringValue(key) === null && !/^Object\./.test(callee.text) ? null : first
}
