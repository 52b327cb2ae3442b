import { type CodeRemark, MOST_REMARKS } from '../../model/code-remark.ts'
import { dottedNames } from './dotted-names.ts'
import { literalValue } from './literals.ts'
import type { ChangedCode, Finding, OverfittingRule, RuleInput } from './rule.ts'
import { rules as all } from './rules/index.generated.ts'
import type { TestTexts } from './texts-of-tests.ts'
import { codeOf } from './walk.ts'

/** In a file; a rule that finds more places has found a habit of the file. */
const MOST_OF_ONE_RULE = 10
/** In a file: of a larger change only the first pieces of code are looked at, some 2,000 lines. */
const MOST_FRESH = 20_000

/**
 * The places where the added code of a change may make the failing tests pass without doing what was meant, the strongest
 * first. Pure, and bounded by the size of the files.
 */
export function overfittingRemarks(
  changed: readonly ChangedCode[],
  tests: TestTexts,
  rules: readonly OverfittingRule[] = all,
): readonly CodeRemark[] {
  const found = changed.flatMap((code) => {
    const input = ruleInput(code, tests)
    return rules.flatMap((rule) =>
      strongestOfEachLine(rule.find(input))
        .slice(0, MOST_OF_ONE_RULE)
        .map((finding) => ({ path: code.path, kind: rule.kind, finding })),
    )
  })
  const sorted = found.sort((a, b) => b.finding.strength - a.finding.strength)
  return firstOfEach(sorted, ({ path, finding }) => `${finding.line} ${path}`)
    .slice(0, MOST_REMARKS)
    .map(({ path, kind, finding: { line, does } }) => ({ path, line, kind, sentence: `${path}:${line} ${does}` }))
}

/** Two remarks on one line say little more than the first of them. */
function firstOfEach<T>(all: readonly T[], key: (one: T) => unknown): readonly T[] {
  const seen = new Set<unknown>()
  return all.filter((one) => !seen.has(key(one)) && seen.add(key(one)))
}

function strongestOfEachLine(findings: readonly Finding[]): readonly Finding[] {
  const sorted = [...findings].sort((a, b) => b.strength - a.strength || a.line - b.line)
  return firstOfEach(sorted, ({ line }) => line)
}

function ruleInput(code: ChangedCode, tests: TestTexts): RuleInput {
  const nodes = codeOf(code.after)
  const earlier = code.before === null ? [] : codeOf(code.before)
  const before = dottedNames(earlier)
  return {
    ...code,
    nodes,
    fresh: nodes.filter(({ line }) => code.added.has(line)).slice(0, MOST_FRESH),
    names: dottedNames(nodes),
    earlier: {
      uses: usesOf(new Set(earlier.flatMap((node) => before.of(node) ?? []))),
      values: new Set(earlier.flatMap((node) => literalValue(node) ?? [])),
    },
    tests,
  }
}

/** Whether one of the names is this name, or something out of it; each question is answered once. */
function usesOf(names: ReadonlySet<string>): (name: string) => boolean {
  const answers = new Map<string, boolean>()
  return (name) => {
    const known =
      answers.get(name) ?? [...names].some((one) => one === name || one.startsWith(`${name}.`) || one === `${name}()`)
    answers.set(name, known)
    return known
  }
}
