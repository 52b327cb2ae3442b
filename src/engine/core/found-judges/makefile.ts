import { expanded, MOST_WORK, type Scope, type Variables } from './make-words.ts'

/** A rule of a makefile. Its words are not expanded yet, because the result depends on the target. */
export interface Rule {
  readonly targets: readonly string[]
  /** The pattern of a static pattern rule: `%.o` in `a.o: %.o: %.c`. */
  readonly pattern: string | null
  readonly prerequisites: string
  readonly recipe: readonly string[]
}

export interface Makefile {
  readonly rules: readonly Rule[]
  readonly variables: Variables
  readonly includes: readonly string[]
}

const ASSIGNMENT = /^\s*(?:(?:export|override|private)\s+)*([\w.-]+)\s*(\+|\?|::?:?|!)?=\s*(.*)$/
const CONDITION = /^\s*(if(?:n?def|n?eq)|else|endif)\b/

/**
 * Reads the parts of a makefile that are unambiguous: all branches of its conditions, but nothing that a shell or a function
 * would make. Never throws.
 */
export function makefile(text: string): Makefile {
  const variables = new Map<string, string>()
  const rules: Rule[] = []
  const includes: string[] = []
  const scope = { variables, work: { left: MOST_WORK } }
  let recipe: string[] | null = null
  let depth = 0
  let defining = false
  for (const line of text
    .replace(/\r\n/g, '\n')
    .replace(/\\\n[ \t]*/g, ' ')
    .split('\n')) {
    if (defining || /^\s*define\b/.test(line)) defining = !/^\s*endef\b/.test(line)
    else if (line.startsWith('\t')) recipe?.push(line.slice(1))
    else if (CONDITION.test(line)) depth += /^\s*if/.test(line) ? 1 : /^\s*endif/.test(line) ? -1 : 0
    else
      recipe =
        statement(line.replace(/(?<!\\)#.*$/, ''), { scope, variables, rules, includes, branch: depth > 0 }) ?? recipe
  }
  return { rules, variables, includes }
}

interface MakefileReading {
  readonly scope: Scope
  readonly variables: Map<string, string>
  readonly rules: Rule[]
  readonly includes: string[]
  /** True inside of a condition: only one of several assignments holds, and it is unknown which. */
  readonly branch: boolean
}

/** Returns the list for the recipe lines that follow; null: no recipe begins here. */
function statement(line: string, { scope, variables, rules, includes, branch }: MakefileReading): string[] | null {
  const [, name, how = '', value = ''] = ASSIGNMENT.exec(line) ?? []
  if (name !== undefined) {
    assign(variables, name, how, value, branch)
    return null
  }
  const included = /^\s*[-s]?include\s+(.+)$/.exec(line)?.[1]
  if (included !== undefined) includes.push(...expanded(included, scope))
  if (included !== undefined || !line.includes(':')) return null
  return rule(line, variables, rules, scope)
}

function assign(variables: Map<string, string>, name: string, how: string, value: string, branch: boolean): void {
  const old = variables.get(name)
  if (old === undefined) variables.set(name, value)
  else if (how === '+' || branch) variables.set(name, `${old} ${value}`)
  else if (how !== '?') variables.set(name, value.replaceAll(`$(${name})`, old))
}

function rule(line: string, variables: Map<string, string>, rules: Rule[], scope: Scope): string[] | null {
  const [left, right] = parted(line)
  const targets = expanded(left, scope)
  const [, set, how = '', value = ''] = ASSIGNMENT.exec(right) ?? []
  if (set !== undefined) assign(variables, set, how, value, true)
  if (set !== undefined || targets.length === 0) return null
  const [before = '', ...own] = right.split(';')
  const [, form, rest] = /^\s*(\S*%\S*)\s*:(.*)$/.exec(before) ?? []
  const recipe = own.length > 0 ? [own.join(';')] : []
  const pattern = form === undefined ? null : (expanded(form, scope)[0] ?? null)
  rules.push({ targets, pattern, prerequisites: (rest ?? before).replace('|', ' '), recipe })
  return recipe
}

/** Splits at the first colon outside of variables. */
function parted(line: string): [left: string, right: string] {
  let depth = 0
  for (let at = 0; at < line.length; at++) {
    const char = line[at]
    if (char === '(' || char === '{') depth++
    else if (char === ')' || char === '}') depth--
    else if (char === ':' && depth <= 0) return [line.slice(0, at), line.slice(at + 1).replace(/^:/, '')]
  }
  return ['', '']
}
