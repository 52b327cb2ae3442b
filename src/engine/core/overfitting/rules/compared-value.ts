import type { CodeNode } from '../../../model/code.ts'
import { answersWrittenOut } from '../fixed-answer.ts'
import { isWrittenOut } from '../literals.ts'
import { comparedValues, comparesForSame, searchedName, writtenIn } from '../questions.ts'
import type { Finding, OverfittingRule, RuleInput } from '../rule.ts'
import { around, targetOf, walk } from '../walk.ts'

/** How much the keys of a table have to weigh together. */
const TABLE = 2.5

export default {
  kind: 'compared-value',
  finds:
    'compares with a value that the failing tests hold and that the file did not hold before, or has a table of such values',
  find(input) {
    const searched = new Set(input.nodes.flatMap((node) => searchedName(node) ?? []))
    const conditionWeight = conditionWeights(input)
    return input.fresh.flatMap((node): Finding[] => {
      if (node.is === 'list') return tableOf(node, input, searched)
      const values = comparedValues(node).filter((value) => isOfTests(value, input))
      if (values.length === 0) return []
      const answers = answersWrittenOut(node)
      if (conditionWeight(node) < (answers ? 1 : 2)) return []
      const what = values.length === 1 ? 'a value' : 'values'
      const end = answers ? ', and answers with a fixed value' : ''
      return [
        {
          line: node.line,
          does: `compares with ${listed(values)}, ${what} of the failing tests that this file did not hold before${end}`,
          strength: answers ? 0.85 : 0.6,
        },
      ]
    })
  },
} satisfies OverfittingRule

function listed(values: readonly string[]): string {
  const shown = values.slice(0, 3).map((value) => (value.length > 40 ? `${value.slice(0, 40)}…` : value))
  return `${shown.join(', ')}${values.length > 3 ? ' and others' : ''}`
}

function isOfTests(value: string, { tests, earlier }: RuleInput): boolean {
  return !isEverywhere(value) && !earlier.values.has(value) && tests.holds(value)
}

/** Values that stand in most programs. */
function isEverywhere(value: string): boolean {
  return /^(?:[012]|\D|\W{2})?$/.test(value)
}

/** How unlikely it is that values stand in tests and product by chance alone: 2 for one long text or large number. */
function weightOf(values: readonly string[]): number {
  return values.reduce((sum, value) => sum + weightOfOne(value), 0)
}

function weightOfOne(value: string): number {
  if (/^-?\d+(?:\.\d+)?$/.test(value)) {
    const size = Math.abs(Number(value))
    if (size < 10) return 0.5
    return Number.isInteger(Math.log2(size)) || /^10+$/.test(value) ? 1 : 2
  }
  const isWord = /^[\w$.:-]{1,20}$/.test(value) && !/\d\D+\d/.test(value)
  return isWord || value.length < 4 ? 1 : 2
}

/** Tells what all comparisons of the condition weigh that a comparison is a part of; reads each condition once. */
function conditionWeights(input: RuleInput): (node: CodeNode) => number {
  const known = new Map<CodeNode, number>()
  return (node) => {
    const whole = [...around(node)].filter(({ is }) => is === 'binary').at(-1) ?? node
    const values = () => [...walk(whole)].filter((one) => one === node || comparesForSame(one)).flatMap(comparedValues)
    const weight = known.get(whole) ?? weightOf(values().filter((value) => isOfTests(value, input)))
    known.set(whole, weight)
    return weight
  }
}

/** A table whose keys are values of the tests, or a collection of such values that is searched. */
function tableOf(list: CodeNode, input: RuleInput, searched: ReadonlySet<string>): Finding[] {
  const rows = list.children.map(keyOf)
  const isTable = rows.length > 1 && rows.every((key) => key !== null)
  if (!isTable && !isSearched(list, searched)) return []
  if (
    !list.children.every((row) => (row.is === 'entry' ? row.children.slice(1).every(isWrittenOut) : isWrittenOut(row)))
  )
    return []
  const keys = isTable ? rows.flatMap((key) => (key === null ? [] : [key])) : list.children.map(writtenIn)
  const known = keys.map((values) => values.filter((value) => isOfTests(value, input)))
  const most = known.filter(({ length }) => length > 0).length * 2 >= keys.length
  if (!most || weightOf(known.flat()) < TABLE) return []
  const what = isTable ? 'has a table whose keys are' : 'searches a list of'
  return [
    { line: list.line, does: `${what} values of the failing tests that this file did not hold before`, strength: 0.85 },
  ]
}

/** The literals in the key of one row of a table: of an entry, or of a list that begins with its key; null: it is no row. */
function keyOf(row: CodeNode): readonly string[] | null {
  const [key, value] = row.children
  if (key === undefined || value === undefined || (row.is !== 'entry' && row.is !== 'list')) return null
  return row.is === 'entry' && key.is === 'name' && row.text.startsWith(key.text) ? [key.text] : writtenIn(key)
}

/** True for a list of literals, as itself or by its name, in which code looks for a value. */
function isSearched(list: CodeNode, searched: ReadonlySet<string>): boolean {
  if (list.children.length < 2) return false
  const assign = [...around(list)].slice(0, 3).find(({ is }) => is === 'assign')
  const name = assign ? targetOf(assign) : null
  return name?.is === 'name' && searched.has(name.text)
}
