import { expand, expanded, MOST_WORK, type Scope, stem } from './make-words.ts'
import { makefile, type Rule } from './makefile.ts'

/** What make does for one target. */
export interface Made {
  readonly target: string
  readonly prerequisites: readonly string[]
  /** Lines for the shell, one each. */
  readonly lines: readonly string[]
}

const MOST = 300
const MOST_RULES = 2000
/** Extensions of the sources that make compiles by its built-in rules. */
const SOURCES = ['c', 'cc', 'cpp', 'cxx', 'C', 'm', 'mm', 's', 'S']

/**
 * The rules that make runs for these goals, prerequisites first. `texts`: the makefile, then the files it includes. `exists`:
 * whether the tree has a file, relative to the makefile.
 */
export function madeFor(goals: readonly string[], texts: readonly string[], exists: (path: string) => boolean): Made[] {
  const all = texts.map(makefile)
  const rules = all.flatMap((one) => one.rules).slice(0, MOST_RULES)
  const variables = new Map(all.flatMap((one) => [...one.variables]))
  const scope = { variables, work: { left: MOST_WORK } }
  const found: Made[] = []
  const seen = new Set<string>()
  const first = expand('$(.DEFAULT_GOAL)', scope).trim() || firstTarget(rules)
  const visit = (target: string): void => {
    if (seen.has(target) || seen.size >= MOST) return
    seen.add(target)
    const made = makes(target, rules, scope, exists)
    made.prerequisites.forEach(visit)
    found.push(made)
  }
  for (const goal of goals.length > 0 ? goals : [first]) visit(plain(goal))
  return found
}

function firstTarget(rules: readonly Rule[]): string {
  return rules.flatMap(({ targets }) => targets).find((target) => !/^\.|%/.test(target)) ?? ''
}

const plain = (path: string): string => path.replace(/^(?:\.\/)+/, '')

/** All rules that name the target; if none of them has a recipe, also a pattern rule or one of make's built-in rules. */
function makes(target: string, rules: readonly Rule[], scope: Scope, exists: (path: string) => boolean): Made {
  const own = rules.flatMap((rule) => {
    if (!rule.targets.some((one) => plain(one) === target)) return []
    return [{ rule, part: rule.pattern === null ? '' : (stem(target, rule.pattern) ?? '') }]
  })
  const forms = rules.flatMap((rule) => rule.targets.map((form) => ({ rule, part: stem(target, plain(form)) })))
  const general = forms.flatMap(({ rule, part }) =>
    part !== null && part !== '' && rule.recipe.length > 0 ? [{ rule, part }] : [],
  )
  const fits = general.find(({ rule, part }) => needs(rule, part, scope).every((one) => exists(one)))
  const chosen = fits ?? general[0]
  const rest = own.some(({ rule }) => rule.recipe.length > 0) || chosen === undefined ? [] : [chosen]
  const used = [...own, ...rest]
  const lacks = used.every(({ rule }) => rule.recipe.length === 0) && !exists(target)
  const prerequisites = used.flatMap(({ rule, part }) => needs(rule, part, scope))
  const source = lacks
    ? SOURCES.map((end) => `${target.replace(/\.(?:o|lo|obj)$/, '')}.${end}`).find(exists)
    : undefined
  const before = source === undefined ? prerequisites : [source, ...prerequisites]
  return {
    target,
    prerequisites: before,
    lines: used.flatMap(({ rule, part }) => lines(rule, part, target, before, scope)),
  }
}

function needs({ prerequisites }: Rule, part: string, scope: Scope): string[] {
  return expanded(prerequisites, scope).map((word) => plain(part === '' ? word : word.replace('%', () => part)))
}

function lines({ recipe }: Rule, part: string, target: string, before: readonly string[], scope: Scope): string[] {
  const all = before.join(' ')
  const own = new Map([
    ...scope.variables,
    ['@', target],
    ['<', before[0] ?? ''],
    ['^', all],
    ['+', all],
    ['?', all],
    ['*', part],
  ])
  return recipe
    .map((line) =>
      expand(line, { ...scope, variables: own })
        .replace(/^[\s@+-]+/, '')
        .trim(),
    )
    .filter((line) => line !== '')
}
