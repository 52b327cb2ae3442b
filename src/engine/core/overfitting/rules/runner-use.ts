import type { CodeNode } from '../../../model/code.ts'
import { isAsked } from '../questions.ts'
import type { Finding, OverfittingRule, RuleInput } from '../rule.ts'

/** Modules that tests use, and products do not. */
const RUNNER =
  /^(?:_?pytest|py\.test|nose2?|unittest|doctest|hypothesis|jest|@jest\/.*|vitest|mocha|chai|ava|tape|tap|sinon|jasmine|assert|testing|test)(?:[./(]|$)/
/** A word in a text that names a test runner. */
const NAMES_RUNNER = /(?:^|[^a-z])(?:pytest|unittest|jest|vitest|mocha|jasmine|nose2?|node_test)(?:$|[^a-z])/i
/** A word in a text that says that something is a test. */
const SAYS_TEST = /(?:^|[^a-z])(?:tests?|spec|testing)(?:$|[^a-z])|[a-z](?:Test|Spec)(?:$|[^a-z])/
/** What a test runner prints about its result. */
const SUMMARY = /\b\d+ (?:passed|passing)\b|(?:^|['"`\n]|\\n)ok \d+\b|# (?:pass|fail|tests) \d/
/** Names that a test runner defines for the tests that it runs. */
const RUNNER_GLOBAL =
  /^(?:(?:globalThis|global|window)\.)?(?:describe|it|test|expect|jest|vi|beforeEach|afterEach|mocha|jasmine)$/

export default {
  kind: 'runner-use',
  finds: 'uses a module of a test runner, or asks for the name of a runner or of a test, in product code',
  find(input) {
    const known = [...input.earlier.values].some((value) => NAMES_RUNNER.test(value))
    return input.fresh.flatMap((node): Finding[] => {
      if (node.is === 'string') return known || node.parent?.is === 'import' ? [] : inText(node)
      if (node.operators.includes('typeof') && RUNNER_GLOBAL.test(node.children[0]?.text ?? ''))
        return [{ line: node.line, does: `asks whether a test runner is there (${node.text})`, strength: 0.9 }]
      const module = runnerModule(node, input)
      if (module === null) return []
      return [{ line: node.line, does: `uses the test runner or its assertions (${module})`, strength: 0.75 }]
    })
  },
} satisfies OverfittingRule

function inText(node: CodeNode): Finding[] {
  const { line, text } = node
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text
  if (NAMES_RUNNER.test(text)) return [{ line, does: `names a test runner (${shown})`, strength: 0.95 }]
  if (SUMMARY.test(text)) return [{ line, does: `holds what a test runner prints (${shown})`, strength: 0.9 }]
  if (!SAYS_TEST.test(text) || !isAsked(node)) return []
  return [{ line, does: `looks for the name of a test (${shown})`, strength: 0.8 }]
}

/** The name of the part of a test runner that the code uses, if the file did not use it before. */
function runnerModule(node: CodeNode, { names, earlier }: RuleInput): string | null {
  if ((node.is !== 'name' && node.is !== 'member' && node.is !== 'call') || !names.isForeign(node)) return null
  const name = names.of(node)
  return name !== null && RUNNER.test(name) && !earlier.uses(name) ? name : null
}
