import type { PathRule, PolicySource } from '../../model/policy.ts'
import type { AllowedJudge } from '../../model/session.ts'
import { allowMatcher } from '../paths/index.ts'

/** Which source of the policy allows a judge to be changed, by path; null: none. */
export type JudgeChangePermission = (path: string) => PolicySource | null

/** 'allowed by the user: a.py, b.py; ', put before the reason of a proof; '' for none. */
export function allowedJudgesPhrase(allowed: readonly AllowedJudge[]): string {
  const by = [...new Set(allowed.map((one) => one.by))]
  const all = by.map(
    (who) => `allowed by ${who}: ${allowed.flatMap((one) => (one.by === who ? [one.path] : [])).join(', ')}; `,
  )
  return all.join('')
}

/**
 * The permission that these rules give. A rule that is too vague gives none. `names`: the files that are judges by their
 * name.
 */
export function judgeChangePermission(rules: readonly PathRule[], names: readonly string[]): JudgeChangePermission {
  const match = allowMatcher(rules.filter((rule) => namesOneFile(rule, names)))
  return (path) => match(path)?.source ?? null
}

/**
 * True for a path without wildcards, and for a pattern that contains a literal directory, or an ending that no judge by name
 * has: then the author knew which files the pattern means.
 */
export function namesOneFile({ pattern }: PathRule, names: readonly string[]): boolean {
  const parts = pattern.split('/').filter((part) => part !== '' && part !== '.')
  const literal = (part: string) => !/[*?[\]{}]/.test(part)
  if (parts.every(literal) || parts.slice(0, -1).some(literal) || (pattern.endsWith('/') && parts.some(literal)))
    return true
  const ending = /^\*+(\.\w[\w.-]*)$/.exec(parts.at(-1) ?? '')?.[1]
  return ending !== undefined && !names.some((path) => path.endsWith(ending))
}
